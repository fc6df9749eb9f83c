"""What a turn does: from the state, and what a line was read as, to the next state and the calls of verbs. Pure.

Idea     Every intent has its fixed rule. Words of shoppers, of listings and of reviews are values in fields of calls;
         none of them chooses a rule or a verb.
"""

from __future__ import annotations

from dataclasses import replace

from bottega.actions.assistant.going_on import (
    as_words,
    beside,
    beyond,
    gone_on,
    is_about,
    noted,
    of_all,
    of_the_thing,
    only_describes,
)
from bottega.actions.assistant.remembering import remembered
from bottega.actions.assistant.spoken import beyond_it, chat, complaint, guess, lost, person
from bottega.actions.assistant.turn_plan import PlannedLine, Say, TurnPlan, VerbCall
from bottega.actions.assistant.wish import CHEAP, KIND, ORDER, WORDS, HeardWords, begun, refined
from bottega.models.dialogue.commands import Command, Intent, PointingWay
from bottega.models.dialogue.state import TalkState, WishPart

__all__ = ["plan"]

DOUBTFUL = 0.6
"""Below this chance an intent gives way to what the words say."""
OF_ONE = frozenset({"larger", "smaller", "darker", "lighter"})
"""Steps from one product to another."""


def plan(state: TalkState, line: PlannedLine) -> TurnPlan:
    """The plan of a turn; the state comes with its turn counted already."""
    commands = list(line.reading.commands)
    heard = list(line.heard)
    if not commands:
        guessed = guess(state, line)
        if guessed is None:
            return remembered(lost(state, line), state, line)
        commands, heard = [guessed], [line.whole]
    line = replace(line, answered=state.asked)
    state = replace(state, asked=None, misunderstood=0)
    made = TurnPlan(state, understood=tuple(commands))
    for command, what in zip(commands, heard, strict=True):
        made = _RULES[command.intent](made, command, what, line)
    return remembered(_once(noted(made, state.wish, line)), state, line)


def _once(made: TurnPlan) -> TurnPlan:
    """One search is enough where several commands of a line made the wish; the last knows all of it."""
    searches = [step for step in made.steps if isinstance(step, VerbCall) and step.verb == "search" and not step.after]
    left = [step for step in made.steps if step not in searches[:-1]]
    return replace(made, steps=tuple(left))


def _products(command: Command, line: PlannedLine, state: TalkState) -> tuple[str, ...]:
    """What a command points at; "it" is also what a command before it in the same line was about."""
    found: dict[str, None] = {}
    for one in command.at:
        ids = line.pointed.get(one, ())
        if one.way is PointingWay.FOCUS and state.focus:
            ids = (state.focus,)
        found |= dict.fromkeys(ids)
    return tuple(found)


def _unmet(command: Command, line: PlannedLine, state: TalkState) -> Say | None:
    """What to say where a line points at something that cannot be told."""
    for one in command.at:
        if line.pointed.get(one) or (one.way is PointingWay.FOCUS and state.focus):
            continue
        if one.way is PointingWay.BOUGHT:
            return Say("bought.none" if line.known else "bought.nobody")
        if one.way is PointingWay.PLACE and state.shown:
            return Say("place.none", {"place": str(max(one.places, key=abs)), "n": str(len(state.shown))})
        if one.way is not PointingWay.WORDS:
            return Say("which")
    return None


def _search(made: TurnPlan, command: Command, heard: HeardWords, line: PlannedLine) -> TurnPlan:
    """A wish of its own; where it goes on about the same thing, what was said before stays."""
    state, at = made.state, _products(command, line, made.state)
    heard = beside(heard, command, line, at)
    if (at or heard.step) and not heard.kind and not heard.missing:
        return _refine(made, command, heard, line)
    if not heard.parts and not heard.missing:
        if not heard.unknown:
            return made.then(Say("more.what"))
        return made.then(Say("unknown", {"words": " ".join(heard.unknown[:3])}), Say("more.what"))
    heard, goes_on = gone_on(state.wish, command, heard, line)
    heard = of_the_thing(state.wish, heard) if goes_on else heard
    wish = refined(state.wish, heard, turn=state.turn) if goes_on else begun(heard, turn=state.turn)
    # What was wished for is not forgotten over a thing that is not here.
    call = VerbCall("search", command, missing=heard.missing, fallback=state.wish if heard.missing else ())
    return made.then(call, wish=wish, product_id=state.product_id if goes_on else "", focus="", listing="search")


def _refine(made: TurnPlan, command: Command, heard: HeardWords, line: PlannedLine) -> TurnPlan:
    """The same wish, but for these words; of a product pointed at, what is like it but for them."""
    state, at = made.state, _products(command, line, made.state)
    heard = beside(heard, command, line, at)
    if heard.order and len(heard.parts) == 1 and command.chance < DOUBTFUL:
        return _search(made, command, heard, line)  # "the most expensive thing you have" is hardly of the list alone
    if heard.step in OF_ONE and not at and (state.focus or len(state.shown) == 1):
        at = (state.focus or state.shown[0].product_id,)
    if at and not (state.wish and (only_describes(command, heard) or of_all(command))):
        own = [part for part in heard.parts if part.what != KIND or not part.denied]
        wish = refined((), replace(heard, parts=tuple(own)), turn=state.turn)
        if heard.step in ("cheaper", "dearer") and at[0] in line.prices:
            wish = (*wish, beyond(heard.step, line.prices[at[0]], state.turn))
        elif heard.step:
            wish = (*wish, WishPart(WORDS, command.words, turn=state.turn))
        if not wish:
            return made.then(VerbCall("similar", command, at[:1]), focus=at[0], listing="")
        return made.then(VerbCall("search", command), wish=wish, product_id=at[0], focus=at[0], listing="search")
    said = _unmet(command, line, state)
    if said is not None and (not heard.parts or said.name.startswith("bought")):
        return made.then(said)
    if heard.missing:
        return _search(made, command, heard, line)
    if heard.kind is not None and state.wish and not is_about(state.wish, heard):
        heard = as_words(heard)
    elif heard.kind is not None and state.wish:
        heard = of_the_thing(state.wish, heard)
    wish = refined(state.wish, heard, turn=state.turn)
    if heard.step in ("cheaper", "dearer"):
        whole = [one for one in state.shown if not one.close] or state.shown
        shown = [line.prices[one.product_id] for one in whole if one.product_id in line.prices]
        if shown:
            edge = min(shown) if heard.step == "cheaper" else max(shown)
            narrowed = refined(wish, HeardWords((beyond(heard.step, edge, state.turn),)), turn=state.turn)
            call = VerbCall("search", command, step=heard.step, fallback=wish)
            return made.then(call, wish=narrowed, listing="search")
        if heard.step == "cheaper" and not any(part.what == CHEAP for part in wish):
            wish = (*wish, WishPart(ORDER, "price_up", turn=state.turn))
    if not heard.parts and not heard.step and heard.unknown:
        made = made.then(Say("unknown", {"words": " ".join(heard.unknown[:3])}))
    if not wish and not state.product_id:
        return made.then(Say("more.what"))
    return made.then(VerbCall("search", command), wish=wish, listing="search")


def _compare(made: TurnPlan, command: Command, heard: HeardWords, line: PlannedLine) -> TurnPlan:
    at = _products(command, line, made.state)
    if len(at) < 2 and (made.state.shown and not command.at):
        at = tuple(one.product_id for one in made.state.shown[:2])
    if len(at) < 2:
        return made.then(_unmet(command, line, made.state) or Say("compare.few"))
    return made.then(VerbCall("compare", command, at[:4]))


def _ask(made: TurnPlan, command: Command, heard: HeardWords, line: PlannedLine) -> TurnPlan:
    """A fact of what is pointed at; else of the one that is talked of; else of what the words name."""
    if heard.order or _asks_for_a_thing(made.state, command, heard):
        return _search(made, command, heard, line)
    at = _products(command, line, made.state)
    if not at and (said := _unmet(command, line, made.state)) is not None:
        return made.then(said)
    if not at and heard.kind is None and not heard.missing:
        focus, shown = made.state.focus, made.state.shown
        at = (focus,) if focus else tuple(one.product_id for one in shown)
    focus = at[0] if len(at) == 1 else made.state.focus
    return made.then(VerbCall("facts", command, at, missing=heard.missing), focus=focus)


def _asks_for_a_thing(state: TalkState, command: Command, heard: HeardWords) -> bool:
    """Whether a question is whether the shop has something ("do you have lamps?"), and none about what it showed."""
    if command.at or command.about not in ("", "use", "stock", "other"):
        return False
    return bool(heard.missing) or (heard.kind is not None and not (state.wish and is_about(state.wish, heard)))


def _order(made: TurnPlan, command: Command, heard: HeardWords, line: PlannedLine) -> TurnPlan:
    return made.then(VerbCall("policy", command))


def _suggest(made: TurnPlan, command: Command, heard: HeardWords, line: PlannedLine) -> TurnPlan:
    if (said := _unmet(command, line, made.state)) is not None:
        return made.then(said)
    at = _products(command, line, made.state)
    if not at and heard.kind is not None and heard.kind.words:
        return _search(made, command, heard, line)
    focus = all(one.way is PointingWay.FOCUS for one in command.at)
    if made.state.wish and (not at or (focus and heard.parts)):  # of what the talk is about
        return made.then(VerbCall("search", command), listing="search")
    wish = made.state.wish if at else ()
    return made.then(VerbCall("recommend", command, at), wish=wish, product_id="", focus="", listing="suggest")


def _more(made: TurnPlan, command: Command, heard: HeardWords, line: PlannedLine) -> TurnPlan:
    state = made.state
    at = _products(command, line, made.state)
    if at:
        return made.then(VerbCall("similar", command, at[:1]), focus=at[0], listing="")
    if heard.kind is not None and not (state.wish and is_about(state.wish, heard)):
        return _search(made, command, heard, line)
    if heard.parts or heard.step:
        return _refine(made, command, heard, line)
    if not state.listing:
        return made.then(Say("more.what" if not state.shown else "more.none"))
    if state.next is None:
        return made.then(Say("more.none"))
    return made.then(VerbCall("search" if state.listing == "search" else "recommend", command, after=state.next))


def _look(made: TurnPlan, command: Command, heard: HeardWords, line: PlannedLine) -> TurnPlan:
    at = _products(command, line, made.state)
    state = made.state
    if not at and (said := _unmet(command, line, state)) is not None:
        return made.then(said)
    if not at and (state.focus or len(state.shown) == 1):
        at = (state.focus or state.shown[0].product_id,)
    if not at:
        return made.then(Say("look.which"))
    return made.then(VerbCall("outfit", command, at[:1]), focus=at[0], listing="")


def _closet(made: TurnPlan, command: Command, heard: HeardWords, line: PlannedLine) -> TurnPlan:
    at = _products(command, line, made.state)
    if any(one.way is PointingWay.BOUGHT for one in command.at):
        if not at:
            return made.then(_unmet(command, line, made.state) or Say("which"))
        if len(made.understood) > 1:  # what follows is about it
            return made.then(focus=at[0])
        return made.then(VerbCall("similar", command, at[:1]), focus=at[0], listing="")
    return made.then(VerbCall("closet", command), listing="") if line.known else made.then(Say("closet.nobody"))


def _correction(made: TurnPlan, command: Command, heard: HeardWords, line: PlannedLine) -> TurnPlan:
    """The parts of the line before are undone, and the words taken instead."""
    state = made.state
    last = max((part.turn for part in state.wish), default=0)
    before = tuple(part for part in state.wish if part.turn != last)
    if not heard.parts and not heard.missing:
        if not before:
            return made.then(Say("cancelled"), wish=(), product_id="", listing="", next=None)
        return made.then(Say("corrected"), VerbCall("search", command), wish=before, listing="search")
    anew = begun(heard, turn=state.turn) if heard.kind and not before else refined(before, heard, turn=state.turn)
    if heard.kind and before and not is_about(before, heard):
        anew = begun(heard, turn=state.turn)
    call = VerbCall("search", command, missing=heard.missing)
    return made.then(Say("corrected"), call, wish=anew, product_id="", focus="", listing="search")


def _cancel(made: TurnPlan, command: Command, heard: HeardWords, line: PlannedLine) -> TurnPlan:
    if heard.parts or heard.missing:  # "forget it, show me lamps"
        begun_anew = TurnPlan(replace(made.state, wish=(), product_id=""), made.steps, made.understood)
        return _search(begun_anew, command, heard, line)
    return made.then(Say("cancelled"), wish=(), product_id="", focus="", shown=(), listing="", next=None)


_RULES = {
    Intent.SEARCH: _search,
    Intent.REFINE: _refine,
    Intent.COMPARE: _compare,
    Intent.ASK: _ask,
    Intent.SUGGEST: _suggest,
    Intent.MORE: _more,
    Intent.LOOK: _look,
    Intent.CLOSET: _closet,
    Intent.ORDER: _order,
    Intent.PERSON: person,
    Intent.COMPLAINT: complaint,
    Intent.CHAT: chat,
    Intent.CORRECTION: _correction,
    Intent.CANCEL: _cancel,
    Intent.BEYOND: beyond_it,
}
