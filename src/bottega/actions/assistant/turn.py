"""A turn worked out: what a line asks for is planned and done, and an answer made of it. Nothing is kept or said here.

Idea     `plan_line` reads; `carry_out` calls the verbs of the plan: `done` finds products, `answered` their words.
         What is to become of the answer is for whoever asked for it: said to the shopper (assistant.py), or laid before
         a person who may say it (drafting.py).
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from bottega.actions.assistant.doing import Doing
from bottega.actions.assistant.hearing import belonging, hear
from bottega.actions.assistant.planning import plan
from bottega.actions.assistant.pointing import pointed_at
from bottega.actions.assistant.pressing import pressed
from bottega.actions.assistant.shapes import (
    AssistantAnswer,
    AssistantRequest,
    Button,
    TalkProduct,
    Understood,
)
from bottega.actions.assistant.speaking import Speaker
from bottega.actions.assistant.spoken_currency import spoken_currency
from bottega.actions.assistant.turn_plan import PlannedLine, TurnPlan, VerbCall
from bottega.actions.assistant.wish import HeardWords
from bottega.languages.fold import tokens
from bottega.models.dialogue.commands import Command, Intent, LineReading, Mood
from bottega.models.dialogue.cues import greeted_in
from bottega.models.dialogue.handing_over import holds_words
from bottega.models.dialogue.state import TalkState
from bottega.names import Owner
from bottega.prices import exponent
from bottega.store.talks import Talk

if TYPE_CHECKING:
    from bottega.shop.open_shop import OpenShop

__all__ = [
    "DEFAULT_LANGUAGE",
    "LinePlan",
    "Reads",
    "answered",
    "carry_out",
    "done",
    "plan_line",
    "took_ms",
    "understood_of",
]

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


def carry_out(
    shop: OpenShop, request: AssistantRequest, talk: Talk, line: LinePlan, *, draft: bool = False
) -> tuple[Doing, AssistantAnswer]:
    """Do what was planned for a line that `talk` has heard, and answer. Raises what `done` raises."""
    work, products = done(shop, request, talk, line, draft=draft)
    return work, answered(work, talk, line, products)


def done(
    shop: OpenShop, request: AssistantRequest, talk: Talk, line: LinePlan, *, draft: bool = False
) -> tuple[Doing, list[TalkProduct]]:
    """What was planned for a line that `talk` has heard, and the products that came of it; their words are still to be
    found. A `draft` leaves no trace: what cannot be answered is not noted for the merchant again. Raises what
    `search_photo` raises for a photo."""
    state = line.made.state
    currency = spoken_currency(shop, [one.product_id for one in state.shown])
    speaker = Speaker(state.language, f"{talk.talk_id}\x1f{state.turn}", currency)
    work = Doing(shop, speaker, state, request.n, line.personal, request.photo, draft=draft)
    if request.photo is not None:
        work.look_at_photo(request.text.strip())
    else:
        work.do(line.made)
    if holds_words(request.text, shop.settings.handover_words):
        work.person(VerbCall("person", Command(Intent.PERSON)))
    products = _shown(shop, work)
    if work.lists:
        shown = work.shown([one.product_id for one in products])
        just = [one.product_id for one in products if not one.close]  # "it" is the only one that is all of the wish
        focus = just[0] if len(just) == 1 else shown[0].product_id if len(shown) == 1 else work.state.focus
        work.state = replace(work.state, shown=shown, focus=focus)
    return work, products


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


def answered(work: Doing, talk: Talk, line: LinePlan, products: list[TalkProduct]) -> AssistantAnswer:
    """The whole answer of what was done: what is said of the products, and what may be pressed."""
    text, reading = _in_tone(work, line), line.reading
    buttons = list(work.buttons)
    if work.lists and work.state.next is not None:
        buttons.append(Button(value="more", label=work.speaker.say("button.more")))
    if work.state.asked is not None and work.state.asked.what == "person":
        buttons += [Button(value=one, label=work.speaker.say(f"button.{one}")) for one in ("yes", "no")]
    elif work.state.asked is not None and work.state.asked.what == "intent":
        options = work.state.asked.options
        buttons += [
            Button(value=f"choose:{place}", label=work.speaker.say(f"intent.{one}"))
            for place, one in enumerate(options, start=1)
        ]
    elif reading.mood is Mood.ANNOYED:
        buttons.append(Button(value="person", label=work.speaker.say("button.person")))
    return AssistantAnswer(
        talk_id=talk.talk_id,
        turn=talk.turns,
        owner="assistant",
        language=work.state.language,
        understood=understood_of(line.made),
        mood=reading.mood.value,
        text=text,
        products=products,
        compared=work.compared,
        total=work.total,
        buttons=buttons,
        sources=work.sources,
        took_ms=took_ms(line),
    )


def took_ms(line: LinePlan) -> float:
    """Milliseconds since a line was begun."""
    return round((time.perf_counter() - line.started) * 1000, 3)


def _in_tone(work: Doing, line: LinePlan) -> list[str]:
    """The same sentences, with one before them that answers the mood, unless they are sorry by themselves; it changes
    nothing else."""
    text, mood = work.tell(), line.reading.mood
    sorry = any(one.intent in (Intent.COMPLAINT, Intent.CORRECTION) for one in line.made.understood)
    if mood is Mood.ANNOYED and not sorry:
        return [work.speaker.say("mood.annoyed"), *text]
    return [work.speaker.say("mood.joking"), *text] if mood is Mood.JOKING else text


def _shown(shop: OpenShop, work: Doing) -> list[TalkProduct]:
    """What was found, as the shelf has it at this moment; what can no longer be shown is left out."""
    found = list({one.product_id: one for one in work.found}.values())
    with shop.floor() as floor:
        products = [(one, floor.shelf.get(one.product_id)) for one in found]
    shown: list[TalkProduct] = []
    for one, product in products:
        if product is None or not product.recommendable or len(shown) == work.n:
            continue
        shown.append(
            TalkProduct(
                product_id=product.id,
                place=len(shown) + 1,
                title=product.title,
                price_minor=product.price_minor,
                currency=product.currency,
                price=work.speaker.price_of(product),
                availability=product.availability.value,
                close=one.close,
                reasons=one.reasons,
                image=next(iter(product.images), None),
                url=product.url,
            )
        )
    return shown
