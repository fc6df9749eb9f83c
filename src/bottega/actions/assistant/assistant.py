"""The assistant: one turn of a talk. A line is read, planned, done with the verbs of the house, answered, and kept.

Idea     Reader -> commands -> verbs -> answer. The reader turns a line into commands; what follows from a state and its
         commands is fixed (planning.py); only verbs that read are called; sentences are frames filled with what they
         found. No text chooses what is done: lines, titles, reviews are values.
         The words of a turn are kept, and so may be shown, through one door of the store, which turns them down once
         a person has the talk.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

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
from bottega.actions.assistant.turn_plan import PlannedLine, TurnPlan, VerbCall
from bottega.errors import TalkUnknown
from bottega.models.dialogue.commands import Command, Intent, LineReading, Mood
from bottega.models.dialogue.handing_over import HandOverCause, hand_over, holds_words
from bottega.models.dialogue.state import TalkState
from bottega.names import LineBy, Owner
from bottega.prices import exponent
from bottega.store.talks import Talk, TalkLine

if TYPE_CHECKING:
    from bottega.shop.open_shop import OpenShop

__all__ = ["Reads", "Turn", "assistant", "take_turn"]

DEFAULT_LANGUAGE = "en"


class Reads(Protocol):
    """What reads lines."""

    def read(self, text: str, state: TalkState) -> LineReading:
        """What a line asks for, after what was said before."""
        ...


@dataclass(frozen=True)
class Turn:
    """A turn that was heard and answered, and of which nothing is said yet."""

    talk: Talk
    answer: AssistantAnswer
    work: Doing | None
    """None where somebody else has the word."""
    cause: HandOverCause = HandOverCause.ASKED
    """For what the talk waits, where it is handed over with the answer."""


def assistant(shop: OpenShop, request: AssistantRequest, *, reader: Reads | None = None) -> AssistantAnswer:
    """One turn of a talk. Where a person has the word, the line is kept and nothing is answered.

    Raises `TalkUnknown` for a talk of somebody else, `RequestInvalid` for a button that is none of it, and what
    `search_photo` raises for a photo.
    """
    turn = take_turn(shop, request, reader=reader)
    if turn.work is None:
        return turn.answer
    now_ms = time.time_ns() // 1_000_000
    return _kept(shop, turn.work, turn.talk, turn.answer, now_ms, cause=turn.cause)


def take_turn(shop: OpenShop, request: AssistantRequest, *, reader: Reads | None = None) -> Turn:
    """Hear a line and work out its answer; saying it is for whoever asked. Raises what `assistant` raises."""
    started = time.perf_counter()
    now_ms = time.time_ns() // 1_000_000
    reader = reader or shop.talk_reader()
    talk = _opened(shop, request, now_ms)
    state = TalkState.from_json(talk.state)
    state = replace(state, turn=talk.turns + 1, name=state.name or _name_of(shop, talk.shopper))
    if request.button is None:
        reading = reader.read(request.text, state) if request.text.strip() else LineReading((), state.language)
    else:
        reading = LineReading((), state.language)
    state = replace(state, language=_language(shop, request, state, reading))
    personal = talk.shopper if talk.shopper is not None and shop.consents.personal(talk.shopper) else None
    made = _planned(shop, request, state, reading, personal, before=_last_line(shop, talk, request))
    talk = shop.store.talks.hear(talk.talk_id, _heard(request, reading, made), now_ms=now_ms)
    if talk.owner is not Owner.ASSISTANT:
        return Turn(talk, _silent(talk, made, reading, started), None)
    speaker = Speaker(state.language, f"{talk.talk_id}\x1f{state.turn}", shop.settings.currency)
    work = Doing(shop, speaker, made.state, request.n, personal, request.photo)
    if request.photo is not None:
        work.look_at_photo(request.text.strip())
    else:
        work.do(made)
    words = shop.settings.handover_words
    if holds_words(request.text, words):
        work.person(VerbCall("person", Command(Intent.PERSON)))
    decided = hand_over(reading, work.state, request.text, words)
    cause = decided.cause if decided else HandOverCause.ASKED
    return Turn(talk, _answer(shop, work, talk, made, reading, started), work, cause)


def _opened(shop: OpenShop, request: AssistantRequest, now_ms: int) -> Talk:
    """The talk that a turn is of; another's is as unknown as none."""
    talk_id = request.talk_id or f"t-{secrets.token_urlsafe(16)}"
    language = request.language or DEFAULT_LANGUAGE
    talk = shop.store.talks.open(talk_id, shopper=request.shopper, language=language, now_ms=now_ms)
    asks = shop.profile(request.shopper) if request.shopper is not None else None
    if talk.shopper is not None and asks != talk.shopper:
        raise TalkUnknown(
            f"No talk of this shopper has the id {talk_id!r}.",
            next_step="Leave talk_id out to begin a new one, or send the shopper whose talk it is.",
        )
    return talk


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
        return TurnPlan(replace(state, wish=(), asked=None, misunderstood=0), (), (command,))
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
    understood = hear(index, size, whole, spoken)
    line = PlannedLine(
        reading=reading,
        heard=[
            hear(index, size, command.words or request.text, spoken, corrects=command.intent is Intent.CORRECTION)
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


def _last_line(shop: OpenShop, talk: Talk, request: AssistantRequest) -> str:
    """The shopper's line before, for a button that says what it meant."""
    if request.button is None:
        return ""
    lines = [line.text for line in shop.store.talks.lines(talk.talk_id) if line.by is LineBy.SHOPPER]
    return lines[-1] if lines else ""


def _language(shop: OpenShop, request: AssistantRequest, state: TalkState, reading: LineReading) -> str:
    """What the talk goes on in: what was asked for; else that of the line, if it is long enough to tell."""
    if request.language is not None:
        return request.language
    if state.language and len(request.text.split()) < 3:
        return state.language
    return reading.language or state.language or DEFAULT_LANGUAGE


def _name_of(shop: OpenShop, shopper: str | None) -> str:
    """As somebody told the shop to call them."""
    if shopper is None:
        return ""
    told = shop.store.traits.of(shopper)
    return str(told.fields.get("name") or "").split(" ")[0] if told is not None else ""


def _heard(request: AssistantRequest, reading: LineReading, made: TurnPlan) -> TalkLine:
    commands = tuple(
        {"intent": one.intent.value, "about": one.about, "words": one.words, "chance": round(one.chance, 3)}
        for one in made.understood
    )
    body: dict[str, Any] = {"mood": reading.mood.value}
    if request.button is not None:
        body["button"] = request.button
    if request.photo is not None:
        body["photo"] = request.photo.name
    return TalkLine(LineBy.SHOPPER, request.text, commands, body)


def _understood(made: TurnPlan) -> list[Understood]:
    return [
        Understood(intent=one.intent.value, text=one.words or one.about, chance=round(one.chance, 3))
        for one in made.understood
    ]


def _silent(talk: Talk, made: TurnPlan, reading: LineReading, started: float) -> AssistantAnswer:
    """What comes back where somebody else has the word: that the line was kept."""
    return AssistantAnswer(
        talk_id=talk.talk_id,
        turn=talk.turns,
        owner=talk.owner.value,
        language=made.state.language,
        understood=_understood(made),
        mood=reading.mood.value,
        text=[],
        took_ms=round((time.perf_counter() - started) * 1000, 3),
    )


def _answer(
    shop: OpenShop, work: Doing, talk: Talk, made: TurnPlan, reading: LineReading, started: float
) -> AssistantAnswer:
    products = _shown(shop, work)
    if work.lists:
        shown = work.shown([one.product_id for one in products])
        focus = shown[0].product_id if len(shown) == 1 else work.state.focus
        work.state = replace(work.state, shown=shown, focus=focus)
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
        understood=_understood(made),
        mood=reading.mood.value,
        text=_in_tone(work, reading.mood),
        products=products,
        total=work.total,
        buttons=buttons,
        sources=work.sources,
        took_ms=round((time.perf_counter() - started) * 1000, 3),
    )


def _in_tone(work: Doing, mood: Mood) -> list[str]:
    """The same sentences, with one before them that answers the mood; it changes nothing else."""
    text = [one for one in work.text if one]
    if mood is Mood.ANNOYED:
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


def _kept(
    shop: OpenShop, work: Doing, talk: Talk, answer: AssistantAnswer, now_ms: int, *, cause: HandOverCause
) -> AssistantAnswer:
    """The answer, if the store takes it: else a person has the talk by now, and nothing is said."""
    line = TalkLine(LineBy.ASSISTANT, "\n".join(answer.text), body=answer.said(), turn=talk.turns)
    state = work.state.to_json()
    talks = shop.store.talks
    if work.wants_person:
        kept = talks.wait(talk.talk_id, talk.fence, line, state, why=cause.value, now_ms=now_ms)
        answer = answer.model_copy(update={"owner": "waiting"})
    else:
        kept = talks.say(talk.talk_id, talk.fence, line, state, now_ms=now_ms)
    if kept:
        return answer
    owner = (talks.get(talk.talk_id) or talk).owner.value
    return answer.model_copy(
        update={"owner": owner, "text": [], "products": [], "buttons": [], "sources": [], "total": 0}
    )
