"""Lines about nothing on the shelf: not understood, a person wanted, a complaint, a word of courtesy. Pure."""

from __future__ import annotations

from dataclasses import replace

from bottega.actions.assistant.turn_plan import PlannedLine, Say, TurnPlan, VerbCall
from bottega.actions.assistant.wish import HeardWords
from bottega.models.dialogue.commands import Command, Intent
from bottega.models.dialogue.state import OpenQuestion, TalkState

__all__ = ["beyond_it", "chat", "complaint", "guess", "lost", "person"]

LOST_TWICE = 2
"""Lines in a row that were not understood, after which a person is offered."""


def guess(state: TalkState, line: PlannedLine) -> Command | None:
    """What a line is that no intent was read in: what is for sale makes it a search; where one is named already, what
    describes a product is said of it."""
    if line.reading.unsure and any(one in _SPOKEN for one in line.reading.unsure):
        return None
    if line.whole.kind or line.whole.missing:
        return Command(Intent.SEARCH, chance=0.5)
    if state.wish and line.whole.parts:
        return Command(Intent.REFINE, chance=0.5)
    return None


_SPOKEN = frozenset({Intent.PERSON, Intent.COMPLAINT, Intent.ORDER, Intent.ASK})


def lost(state: TalkState, line: PlannedLine) -> TurnPlan:
    """A line that was not understood: which is meant is asked once, and a person is offered once."""
    times = state.misunderstood + 1
    state = replace(state, misunderstood=times, asked=None)
    if line.reading.unsure and "intent" not in state.asked_before:
        options = tuple(one.value for one in line.reading.unsure[:3])
        asked = OpenQuestion("intent", options)
        return TurnPlan(replace(state, asked=asked, asked_before=(*state.asked_before, "intent")), (Say("unsure"),))
    if times >= LOST_TWICE and "person" not in state.asked_before:
        return offer_person(TurnPlan(state, (Say("lost.again"),)))
    return TurnPlan(state, (Say("lost"),))


def offer_person(made: TurnPlan, *steps: Say) -> TurnPlan:
    """Whether a person shall come is asked once in a talk."""
    if "person" in made.state.asked_before:
        return made.then(*steps)
    before = (*made.state.asked_before, "person")
    return made.then(*steps, asked=OpenQuestion("person", ("yes", "no")), asked_before=before)


def person(made: TurnPlan, command: Command, heard: HeardWords, line: PlannedLine) -> TurnPlan:
    """A person is wanted."""
    return made.then(VerbCall("person", command))


def complaint(made: TurnPlan, command: Command, heard: HeardWords, line: PlannedLine) -> TurnPlan:
    """Something went wrong: that is a person's to put right."""
    made = made.then(Say("complaint"))
    return offer_person(made, Say("person.ask")) if "person" not in made.state.asked_before else made


def chat(made: TurnPlan, command: Command, heard: HeardWords, line: PlannedLine) -> TurnPlan:
    """A word of courtesy, or the answer to a question of the assistant's."""
    about, answered = command.about, line.answered
    if answered is not None and about in ("yes", "no"):
        if answered.what == "person":
            return made.then(VerbCall("person", command) if about == "yes" else Say("person.declined"))
        if about == "no":
            return made.then(Say("no"))
    if len(made.understood) > 1 and about in ("greeting", "thanks", "other", "praise"):
        return made  # "hello, do you have lamps?" is answered with lamps
    name = "chat" if about in ("", "other") else about
    if name == "greeting" and made.state.name:
        return made.then(Say("greeting.name", {"name": made.state.name}))
    return made.then(Say(name))


def beyond_it(made: TurnPlan, command: Command, heard: HeardWords, line: PlannedLine) -> TurnPlan:
    """Nothing that a shop does."""
    return made.then(Say("beyond"))
