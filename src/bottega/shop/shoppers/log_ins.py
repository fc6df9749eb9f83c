"""Log-ins into the store: first whose ids belong together, then what was told of them."""

from __future__ import annotations

from collections.abc import Sequence

from bottega.events.log_in import LogIn
from bottega.events.times import now_ms
from bottega.store.events import Added
from bottega.store.store import Store
from bottega.store.traits import Telling

__all__ = ["keep_log_ins"]


def keep_log_ins(store: Store, log_ins: Sequence[LogIn], *, source: str) -> Added:
    """Join the ids and keep the traits. Safe to repeat: what was told before is told again. `source`: for consent."""
    added = store.events.log_in(log_ins)
    told = [one for one in log_ins if one.traits.model_fields_set]
    store.traits.tell([Telling(one.name, one.traits, one.time_ms, source) for one in told], now_ms=now_ms())
    return added
