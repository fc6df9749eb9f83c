"""What a person does in a talk: take it, reply, note, give it back, close it, give it to another person.

Each is one transaction of the store that also silences the assistant, or gives it the word (store/talks.py).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bottega.actions.talks.inbox import info_of
from bottega.actions.talks.shapes import (
    AgentRequest,
    AssignRequest,
    NoteRequest,
    ReplyRequest,
    TalkInfo,
    TalkRequest,
)
from bottega.errors import RequestInvalid
from bottega.models.dialogue.state import TalkState
from bottega.names import LineBy
from bottega.shop.open_shop import OpenShop
from bottega.store.talks import TalkLine

__all__ = ["assign_talk", "close_talk", "give_back_talk", "note_in_talk", "reply_in_talk", "take_talk", "unburdened"]


def take_talk(shop: OpenShop, request: TalkRequest) -> TalkInfo:
    """The talk is this person's from here on: the assistant says nothing more in it. Raises `TalkUnknown`."""
    now_ms = _now_ms()
    return info_of(shop.store.talks.take(request.talk_id, _who(request), now_ms=now_ms), now_ms)


def reply_in_talk(shop: OpenShop, request: ReplyRequest) -> TalkInfo:
    """Words of a person; the first of them takes the talk over. Raises `TalkUnknown`."""
    now_ms = _now_ms()
    line = TalkLine(LineBy.PERSON, request.text, name=_who(request))
    return info_of(shop.store.talks.speak(request.talk_id, line, now_ms=now_ms), now_ms)


def note_in_talk(shop: OpenShop, request: NoteRequest) -> TalkInfo:
    """Words that no shopper sees; whoever has the talk keeps it. Raises `TalkUnknown`."""
    now_ms = _now_ms()
    line = TalkLine(LineBy.NOTE, request.text, name=_who(request))
    return info_of(shop.store.talks.note(request.talk_id, line, now_ms=now_ms), now_ms)


def give_back_talk(shop: OpenShop, request: TalkRequest) -> TalkInfo:
    """The assistant has the word again, and answers the shopper's next line. Raises `TalkUnknown`."""
    now_ms, talks = _now_ms(), shop.store.talks
    talk = talks.get(request.talk_id)
    state = unburdened(talk.state) if talk is not None else None
    return info_of(talks.give_back(request.talk_id, by=_who(request), now_ms=now_ms, state=state), now_ms)


def close_talk(shop: OpenShop, request: TalkRequest) -> TalkInfo:
    """The talk is over; the shopper's next line begins again with the assistant. Raises `TalkUnknown`."""
    now_ms = _now_ms()
    return info_of(shop.store.talks.close(request.talk_id, by=_who(request), now_ms=now_ms), now_ms)


def assign_talk(shop: OpenShop, request: AssignRequest) -> TalkInfo:
    """The talk is another person's from here on. Raises `TalkUnknown`."""
    now_ms = _now_ms()
    return info_of(shop.store.talks.take(request.talk_id, request.to, now_ms=now_ms, by=_who(request)), now_ms)


def unburdened(state: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the assistant begins with when it gets the word back: the wish as it was, and nothing that led to the
    hand-over, so that it does not hand over at once. None where there is no state."""
    if not state:
        return None
    before = TalkState.from_json(state)
    asked_before = tuple(one for one in before.asked_before if one != "person")
    return replace(before, misunderstood=0, asked=None, asked_before=asked_before).to_json()


def _who(request: AgentRequest) -> str:
    if not request.agent or not request.agent.strip():
        raise RequestInvalid(
            "Nobody is named who does this.",
            allowed="`agent` is the name of a person, as other persons and the shopper see it.",
            next_step="Name one, or ask with an agent's key: `bottega keys new NAME --agent`.",
        )
    return request.agent.strip()


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
