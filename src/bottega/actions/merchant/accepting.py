"""Accepting: what the merchant's assistant suggested is done now, by the verb of the shop that does it."""

from __future__ import annotations

import time
from typing import Any

from bottega.actions.jobs.ask import enqueue
from bottega.actions.merchant.shapes import AcceptAnswer, AcceptRequest, SuggestedAct
from bottega.actions.merchant.suggesting import opened, suggested
from bottega.actions.verbs import verb
from bottega.shop.open_shop import OpenShop

__all__ = ["accept_suggestion"]


def accept_suggestion(shop: OpenShop, request: AcceptRequest) -> AcceptAnswer:
    """Do what was suggested: at once, or as a job where it takes its time. Raises `RequestInvalid`, and what the verb
    raises."""
    now_ms = time.time_ns() // 1_000_000
    name, asked = opened(shop, request.suggestion_id, now_ms=now_ms)
    one = verb(name)
    if one.later:
        return AcceptAnswer(verb=name, job=enqueue(shop, one, asked).number)
    answer = one.run(shop, one.takes.model_validate(asked)).model_dump(mode="json")
    return AcceptAnswer(verb=name, answer=answer, undo=_undo(shop, name, asked, now_ms))


def _undo(shop: OpenShop, name: str, asked: dict[str, Any], now_ms: int) -> SuggestedAct | None:
    """What takes it back, where the shop can."""
    if name != "put_synonyms":
        return None
    words = [entry["words"] for entry in asked["synonyms"]]
    numbers = [one.number for one in shop.store.synonyms.all() if list(one.words) in words]
    said = ", ".join(word for many in words for word in many)
    return suggested(shop, f"{said}: -", "delete_synonyms", {"numbers": numbers}, now_ms=now_ms)
