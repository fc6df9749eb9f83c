"""Hand a talk over: the assistant's last words and the change of owner are one act, and say who is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bottega.actions.talks.presence import Presence, presence_of, told_of_presence
from bottega.models.dialogue.handing_over import HandOverCause
from bottega.models.dialogue.state import TalkState
from bottega.names import LineBy
from bottega.shop.open_shop import OpenShop
from bottega.store.talks import Talk, TalkLine

__all__ = ["HandedOver", "hand_over_talk"]


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A talk that waits for a person."""

    text: tuple[str, ...]
    """The assistant's last words, the last sentence of which says who is there."""
    presence: Presence


def hand_over_talk(
    shop: OpenShop,
    talk: Talk,
    state: TalkState,
    *,
    cause: HandOverCause,
    before: Sequence[str] = (),
    body: Mapping[str, Any] | None = None,
    now_ms: int,
) -> HandedOver | None:
    """The talk waits for a person from here on; `before` are sentences that the assistant says first.

    None where the assistant has not the word any more (`talk.fence`): then nothing was said. Whoever is to be told is
    told beside this (tending.py), so nobody waits for a mail server here.
    """
    presence = presence_of(shop, now_ms)
    text = (*before, told_of_presence(presence, state.language or talk.language, now_ms))
    line = TalkLine(LineBy.ASSISTANT, "\n".join(text), body=body or {})
    waits = shop.store.talks.wait(talk.talk_id, talk.fence, line, state.to_json(), why=cause.value, now_ms=now_ms)
    return HandedOver(text, presence) if waits else None
