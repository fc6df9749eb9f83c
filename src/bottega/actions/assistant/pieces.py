"""The assistant's answer piece by piece: products first, then sentence after sentence, each kept before it goes out.

Idea     What was found is there before it is all said, and whoever reads sees it at once. Each piece passes the store's
         one door for the assistant's words by itself: a person who takes the talk over silences it at the next piece.
         An answer that calls a person is kept whole, and the talk handed over with it, before any of it goes out: who
         goes away in the middle of it is answered by that person all the same.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from bottega.actions.assistant.assistant import Turn, keep_whole, take_turn
from bottega.actions.assistant.doing import Doing
from bottega.actions.assistant.line_plan import Reads, understood_of
from bottega.actions.assistant.shapes import AssistantAnswer, AssistantRequest
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
    head = AnswerPiece("talk", _head(turn))
    if turn.work is None:
        yield head
        silent = turn.answer
        yield AnswerPiece("end", {"how": "kept", "owner": silent.owner, "buttons": [], "sources": [], **_took(silent)})
        return
    lines = _handed_over(shop, turn) if turn.work.wants_person else _spoken(shop, turn, turn.work)
    yield head
    how = "silenced"
    for piece in lines:
        if isinstance(piece, Ended):
            how = piece.how
        elif "products" in piece.body:
            products = [one.model_dump(mode="json", exclude_computed_fields=True) for one in turn.products]
            yield AnswerPiece("products", {"products": products, "total": turn.work.total})
        elif piece.text:
            yield AnswerPiece("text", {"text": piece.text})
    owner: str = "waiting" if turn.work.wants_person else "assistant"
    if how != "said":
        owner = (shop.store.talks.get(turn.talk.talk_id) or turn.talk).owner.value
    said: dict[str, Any] = turn.answer.model_dump(mode="json", exclude_computed_fields=True)
    last = {name: said[name] if how == "said" else [] for name in ("buttons", "sources")}
    if how == "said" and said["compared"] is not None:
        last["compared"] = said["compared"]
    yield AnswerPiece("end", {"how": how, "owner": owner, **last, **_took(turn.answer)})


def _head(turn: Turn) -> dict[str, Any]:
    """What is known of a turn before its words are found."""
    return {
        "talk_id": turn.talk.talk_id,
        "turn": turn.talk.turns,
        "owner": turn.talk.owner.value,
        "language": turn.line.made.state.language,
        "understood": [one.model_dump(mode="json") for one in understood_of(turn.line.made)],
        "mood": turn.line.reading.mood.value,
    }


def _spoken(shop: OpenShop, turn: Turn, work: Doing) -> Iterator[TalkLine | Ended]:
    """What a piece leaves in the talk is the state of its moment: what is asked back is known once it is put."""

    def state() -> dict[str, Any]:
        return work.state.to_json()

    return spoken(shop.store.talks, turn.talk.talk_id, turn.talk.fence, _lines(turn), state, clock_ms=_now_ms)


def _handed_over(shop: OpenShop, turn: Turn) -> Iterator[TalkLine | Ended]:
    """Kept at once, and not only when somebody asks for the first of them."""
    kept = keep_whole(shop, turn)
    return chain(_lines(turn) if kept else (), [Ended("said" if kept else "silenced")])


def _lines(turn: Turn) -> Iterator[TalkLine]:
    """What is said, a line for each piece, its words found when the products are out; the last one carries what belongs
    to the whole."""
    if turn.products:
        yield _line(turn, "", {"products": [one.product_id for one in turn.products]})
    body = turn.answer.said()
    body.pop("products")
    texts = turn.answer.text or [""]
    for place, text in enumerate(texts, start=1):
        yield _line(turn, text, body if place == len(texts) else {})


def _line(turn: Turn, text: str, body: dict[str, Any]) -> TalkLine:
    return TalkLine(LineBy.ASSISTANT, text, body=body, turn=turn.talk.turns)


def _took(answer: AssistantAnswer) -> dict[str, Any]:
    return {"took_ms": answer.took_ms}


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
