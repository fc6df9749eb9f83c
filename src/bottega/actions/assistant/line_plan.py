"""A line read and planned: what it asks for in this talk, and all that the plan has to know looked up first.

Nothing is done of it here, and nothing kept: turn.py carries it out.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from bottega.actions.assistant.hearing import belonging, hear
from bottega.actions.assistant.planning import plan
from bottega.actions.assistant.pointing import pointed_at
from bottega.actions.assistant.pressing import pressed
from bottega.actions.assistant.shapes import AssistantRequest, Understood
from bottega.actions.assistant.turn_plan import PlannedLine, TurnPlan
from bottega.actions.assistant.wish import HeardWords
from bottega.languages.fold import tokens
from bottega.models.dialogue.commands import Command, Intent, LineReading
from bottega.models.dialogue.cues import greeted_in
from bottega.models.dialogue.state import TalkState
from bottega.names import Owner
from bottega.prices import exponent
from bottega.store.talks import Talk

if TYPE_CHECKING:
    from bottega.shop.open_shop import OpenShop

__all__ = ["DEFAULT_LANGUAGE", "LinePlan", "Reads", "plan_line", "understood_of"]

DEFAULT_LANGUAGE = "en"


class Reads(Protocol):
    """What reads lines."""

    def read(self, text: str, state: TalkState) -> LineReading:
        """What a line asks for, after what was said before."""
        ...


@dataclass(frozen=True)
class LinePlan:
    """A line that was read, and what to do of it."""

    reading: LineReading
    made: TurnPlan
    personal: str | None
    """The profile of who asks, where they agreed to personal answers."""
    started: float
    """`time.perf_counter` when it was begun."""


def plan_line(shop: OpenShop, request: AssistantRequest, talk: Talk, *, reader: Reads | None = None) -> LinePlan:
    """Read the next line of a talk and plan its answer. Raises `RequestInvalid` for a button that is none of it."""
    started = time.perf_counter()
    reader = reader or shop.talk_reader()
    personal = talk.shopper if talk.shopper is not None and shop.consents.personal(talk.shopper) else None
    state = TalkState.from_json(talk.state)
    name = (state.name or _name_of(shop, personal)) if personal is not None else ""  # a no counts from this line on
    state = replace(state, turn=talk.turns + 1, name=name)
    if request.button is None and request.text.strip():
        reading = _read(shop, reader, request.text, state)
        if not reading.commands and shop.settings.talks_model and _answers(talk, request):
            from bottega.actions.assistant.own_reading import read_by_own_model

            reading = read_by_own_model(shop, request.text, reading)
    else:
        reading = LineReading((), state.language)
    state = replace(state, language=_language(shop, request, state, reading))
    before = shop.store.talks.last_words(talk.talk_id) if request.button is not None else ""
    made = _planned(shop, request, state, reading, personal, before=before)
    return LinePlan(reading, made, personal, started)


def understood_of(made: TurnPlan) -> list[Understood]:
    """What a line was read as, for who asked."""
    return [
        Understood(intent=one.intent.value, text=one.words or one.about, chance=round(one.chance, 3))
        for one in made.understood
    ]


def _planned(
    shop: OpenShop,
    request: AssistantRequest,
    state: TalkState,
    reading: LineReading,
    shopper: str | None,
    *,
    before: str,
) -> TurnPlan:
    """What to do: all that the plan needs to know is looked up first."""
    if request.photo is not None:
        command = Command(Intent.SEARCH, words=request.text.strip())
        return TurnPlan(replace(state, wish=(), said=(), asked=None, misunderstood=0), (), (command,))
    index = shop.search_index(look=False)
    with shop.floor() as floor:
        size = len(floor.shelf)
        pointings = {one for command in reading.commands for one in command.at}
        pointed = {one: pointed_at(shop, state, one, shopper) for one in pointings}
        ids = {product.product_id for product in state.shown} | {id_ for found in pointed.values() for id_ in found}
        scale = 10 ** exponent(shop.settings.currency)
        products = [one for id_ in ids if (one := floor.shelf.get(id_)) is not None]
        prices = {one.id: one.price_minor / scale for one in products if one.price_minor is not None}
    whole = before if request.button is not None else request.text
    spoken = reading.language
    heard: dict[tuple[str, bool], HeardWords] = {}

    def hears(text: str, *, corrects: bool = False) -> HeardWords:
        text = text.strip(" .!?")  # a line that is one command is heard once
        if (text, corrects) not in heard:
            heard[text, corrects] = hear(index, size, text, spoken, corrects=corrects)
        return heard[text, corrects]

    understood = hears(whole)
    line = PlannedLine(
        reading=reading,
        heard=[
            hears(command.words or request.text, corrects=command.intent is Intent.CORRECTION)
            for command in reading.commands
        ],
        titles={one.id: one.title for one in products},
        whole=understood,
        belonging=belonging(index, size, state.wish, understood),
        whole_text=whole,
        pointed=pointed,
        prices=prices,
        known=shopper is not None,
    )
    return pressed(state, request.button, line) if request.button is not None else plan(state, line)


def _language(shop: OpenShop, request: AssistantRequest, state: TalkState, reading: LineReading) -> str:
    """What the talk goes on in: what was asked for; else that of the line, if it is long enough to tell."""
    if request.language is not None:
        return request.language
    if state.language and len(request.text.split()) < 3:
        return state.language
    return reading.language or state.language or DEFAULT_LANGUAGE


def _read(shop: OpenShop, reader: Reads, text: str, state: TalkState) -> LineReading:
    """What a line asks for. One that begins a talk and names nothing, or but what the listings name so, is taken to be
    in their language, unless it surely is in another: "hi" and "dress" are words of several, "hola" is of one."""
    reading = reader.read(text, state)
    if state.language:
        return reading
    if greeted := greeted_in(text):
        return replace(reader.read(text, replace(state, language=greeted)), language=greeted)
    index = shop.search_index(look=False)
    first, *others = index.languages
    if all(one.intent is Intent.CHAT for one in reading.commands) or (
        not others and reading.language != first and all(index.holds_word(word) for word in tokens(text))
    ):
        return reader.read(text, replace(state, language=first))
    return reading


def _answers(talk: Talk, request: AssistantRequest) -> bool:
    """Whether what a line is read as is answered: a person reads for themselves, and words to a photo are its own."""
    return talk.owner is Owner.ASSISTANT and request.photo is None


def _name_of(shop: OpenShop, shopper: str | None) -> str:
    """As somebody told the shop to call them."""
    if shopper is None:
        return ""
    told = shop.store.traits.of(shopper)
    return str(told.fields.get("name") or "").split(" ")[0] if told is not None else ""
