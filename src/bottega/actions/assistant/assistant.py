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
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bottega.actions.assistant.doing import Doing
from bottega.actions.assistant.line_plan import DEFAULT_LANGUAGE, LinePlan, Reads, plan_line, understood_of
from bottega.actions.assistant.shapes import (
    AssistantAnswer,
    AssistantRequest,
    TalkProduct,
)
from bottega.actions.assistant.turn import answered, done, took_ms
from bottega.errors import TalkUnknown
from bottega.models.dialogue.handing_over import HandOverCause, hand_over
from bottega.names import LineBy, Owner
from bottega.store.talks import Talk, TalkLine

if TYPE_CHECKING:
    from bottega.shop.open_shop import OpenShop

__all__ = ["Turn", "assistant", "keep_whole", "take_turn"]


@dataclass(frozen=True)
class Turn:
    """A turn that was heard and done, and of which nothing is said yet."""

    shop: OpenShop
    request: AssistantRequest
    talk: Talk
    line: LinePlan
    work: Doing | None
    """None where somebody else has the word."""
    products: list[TalkProduct]

    @cached_property
    def answer(self) -> AssistantAnswer:
        """All that is to be said, its words found when first asked for; where somebody else has the word, that the line
        was kept."""
        if self.work is None:
            return _silent(self.talk, self.line)
        answer = answered(self.work, self.talk, self.line, self.products)
        if not self.shop.settings.talks_model:
            return answer
        from bottega.actions.assistant.own_words import in_own_words

        answer = in_own_words(self.work, answer)
        return answer.model_copy(update={"took_ms": took_ms(self.line)})

    @property
    def cause(self) -> HandOverCause:
        """For what the talk waits, where it is handed over with the answer."""
        assert self.work is not None
        words = self.shop.settings.handover_words
        decided = hand_over(self.line.reading, self.work.state, self.request.text, words)
        return decided.cause if decided else HandOverCause.ASKED


def assistant(shop: OpenShop, request: AssistantRequest, *, reader: Reads | None = None) -> AssistantAnswer:
    """One turn of a talk. Where a person has the word, the line is kept and nothing is answered.

    Raises `TalkUnknown` for a talk of somebody else, `RequestInvalid` for a button that is none of it, and what
    `search_photo` raises for a photo.
    """
    turn = take_turn(shop, request, reader=reader)
    if turn.work is None:
        return turn.answer
    if keep_whole(shop, turn):
        return turn.answer.model_copy(update={"owner": "waiting"}) if turn.work.wants_person else turn.answer
    owner = (shop.store.talks.get(turn.talk.talk_id) or turn.talk).owner.value
    nothing = {"text": [], "products": [], "buttons": [], "sources": [], "total": 0}
    return turn.answer.model_copy(update={"owner": owner, **nothing})


def take_turn(shop: OpenShop, request: AssistantRequest, *, reader: Reads | None = None) -> Turn:
    """Hear a line and do what it asks for; saying it is for whoever asked. Raises what `assistant` raises."""
    now_ms = time.time_ns() // 1_000_000
    talk = _opened(shop, request, now_ms)
    line = plan_line(shop, request, talk, reader=reader)
    talk = shop.store.talks.hear(talk.talk_id, _heard(request, line), now_ms=now_ms)
    if talk.owner is not Owner.ASSISTANT:
        return Turn(shop, request, talk, line, None, [])
    return Turn(shop, request, talk, line, *done(shop, request, talk, line))


def keep_whole(shop: OpenShop, turn: Turn) -> bool:
    """Keep an answer as one line, and hand the talk over with it where it calls a person; False where a person has the
    talk by now, and nothing is to be said."""
    assert turn.work is not None, "where somebody else has the word there is no answer"
    talk, talks, now_ms = turn.talk, shop.store.talks, time.time_ns() // 1_000_000
    line = TalkLine(LineBy.ASSISTANT, "\n".join(turn.answer.text), body=turn.answer.said(), turn=talk.turns)
    state = turn.work.state.to_json()
    if turn.work.wants_person:
        return talks.wait(talk.talk_id, talk.fence, line, state, why=turn.cause.value, now_ms=now_ms)
    return talks.say(talk.talk_id, talk.fence, line, state, now_ms=now_ms)


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


def _heard(request: AssistantRequest, line: LinePlan) -> TalkLine:
    commands = tuple(
        {"intent": one.intent.value, "about": one.about, "words": one.words, "chance": round(one.chance, 3)}
        for one in line.made.understood
    )
    body: dict[str, Any] = {"mood": line.reading.mood.value}
    if request.button is not None:
        body["button"] = request.button
    if request.photo is not None:
        body["photo"] = request.photo.name
    return TalkLine(LineBy.SHOPPER, request.text, commands, body)


def _silent(talk: Talk, line: LinePlan) -> AssistantAnswer:
    """What comes back where somebody else has the word: that the line was kept."""
    return AssistantAnswer(
        talk_id=talk.talk_id,
        turn=talk.turns,
        owner=talk.owner.value,
        language=line.made.state.language,
        understood=understood_of(line.made),
        mood=line.reading.mood.value,
        text=[],
        took_ms=took_ms(line),
    )
