"""The assistant's answer piece by piece: products first, then sentence after sentence, each kept before it goes out.

Idea     What was found is there before it is all said, and whoever reads sees it at once. Each piece passes the store's
         one door for the assistant's words by itself: a person who takes the talk over silences it at the next piece.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bottega.actions.assistant.assistant import Turn, take_turn
from bottega.actions.assistant.shapes import AssistantAnswer, AssistantRequest
from bottega.actions.assistant.turn import Reads
from bottega.actions.talks.speaking import Ended, spoken
from bottega.names import LineBy
from bottega.store.talks import TalkLine

if TYPE_CHECKING:
    from bottega.shop.open_shop import OpenShop

__all__ = ["AnswerPiece", "in_pieces"]


@dataclass(frozen=True, slots=True)
class AnswerPiece:
    """One event of a stream."""

    event: str
    """`talk`, `products`, `text`, and at last `end`."""
    data: dict[str, Any]
    """Fields of the whole answer, as JSON has them; `text` is one sentence."""


def in_pieces(shop: OpenShop, request: AssistantRequest, *, reader: Reads | None = None) -> Iterator[AnswerPiece]:
    """One turn of a talk. Raises at its first piece what `assistant` raises; the last one is always `end`."""
    turn = take_turn(shop, request, reader=reader)
    answer = turn.answer
    said: dict[str, Any] = answer.model_dump(mode="json", exclude_computed_fields=True)
    yield AnswerPiece("talk", {name: said[name] for name in _HEAD})
    if turn.work is None:
        yield AnswerPiece("end", {"how": "kept", "owner": answer.owner, "buttons": [], "sources": [], **_took(answer)})
        return
    state = turn.work.state.to_json()
    talk, lines = turn.talk, _lines(turn, answer)
    how = "silenced"
    for piece in spoken(shop.store.talks, talk.talk_id, talk.fence, lines, state, clock_ms=_now_ms):
        if isinstance(piece, Ended):
            how = piece.how
        elif "products" in piece.body:
            yield AnswerPiece("products", {"products": said["products"], "total": answer.total})
            if piece.text:
                yield AnswerPiece("text", {"text": piece.text})
        else:
            yield AnswerPiece("text", {"text": piece.text})
    owner: str = "assistant"
    if how == "said" and turn.work.wants_person:
        why, now_ms = turn.cause.value, _now_ms()
        waits = shop.store.talks.wait(talk.talk_id, talk.fence, None, state, why=why, now_ms=now_ms)
        owner = "waiting" if waits else owner
    if how != "said":
        owner = (shop.store.talks.get(talk.talk_id) or talk).owner.value
    last = {name: said[name] if how == "said" else [] for name in ("buttons", "sources")}
    yield AnswerPiece("end", {"how": how, "owner": owner, **last, **_took(answer)})


_HEAD = ("talk_id", "turn", "owner", "language", "understood", "mood")


def _lines(turn: Turn, answer: AssistantAnswer) -> Iterator[TalkLine]:
    """What is said, a line for each piece; the last one carries what belongs to the whole."""
    body = answer.said()
    products = body.pop("products")
    texts = list(answer.text)
    if products:
        last = not texts
        yield _line(turn, "", {"products": products} | (body if last else {}))
    for place, text in enumerate(texts, start=1):
        yield _line(turn, text, body if place == len(texts) else {})
    if not products and not texts:
        yield _line(turn, "", body)


def _line(turn: Turn, text: str, body: dict[str, Any]) -> TalkLine:
    return TalkLine(LineBy.ASSISTANT, text, body=body, turn=turn.talk.turns)


def _took(answer: AssistantAnswer) -> dict[str, Any]:
    return {"took_ms": answer.took_ms}


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
