"""An order, whatever system wrote it: its lines become purchases, what was given back becomes refunds.

A line's event id is made of the order and the line, so that a file, a page of an API and a webhook that tell of the
same order are known to be the same. Two lines of one SKU are numbered. An order that was cancelled, voided or refunded
as a whole has its purchases all the same, and a refund of the order beside them; one never paid has neither.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from bottega.errors import MappingInvalid
from bottega.events.aliases import compact
from bottega.events.batch import ALTERNATIVES
from bottega.events.readers.base import Reading
from bottega.events.readers.json_events import FoundEvent, ids_of
from bottega.names import EventKind

__all__ = ["GivenBack", "Line", "OrderState", "ShopOrder", "refuse_other_kinds", "state_of"]

_BACK = frozenset(
    {
        "refunded", "refund", "cancelled", "canceled", "cancel", "voided", "void", "returned", "return", "expired",
        "storniert", "annulé", "annulée", "cancelado", "annullato", "anulowane", "geannuleerd", "chargeback",
        "reversed",         "remboursé", "reembolsado", "declined", "denied",
    }
)  # fmt: skip
_UNPAID = frozenset(
    {
        "failed", "checkoutdraft", "draft", "abandoned", "pendingpayment", "awaitingpayment", "unpaid", "trash",
        "incomplete", "autodraft", "fraud", "suspectedfraud", "paymenterror", "rejected",
    }
)  # fmt: skip


class OrderState(NamedTuple):
    """What became of an order, and the word that said so."""

    bought: bool = True
    """Whether its lines were bought."""
    given_back: bool = False
    """Whether all of it was taken back."""
    word: str = ""


def state_of(*words: str | None) -> OrderState:
    """What the words for the state of an order, its payment among them, say together.

    >>> state_of("paid").bought, state_of("partially_refunded").given_back, state_of("wc-cancelled").given_back
    (True, False, True)
    """
    known = [word for word in words if word]
    for word in known:
        if compact(word).removeprefix("wc") in _UNPAID:
            return OrderState(bought=False, word=word)
    for word in known:
        if compact(word).removeprefix("wc") in _BACK:
            return OrderState(given_back=True, word=word)
    return OrderState()


def refuse_other_kinds(reading: Reading) -> None:
    """Raise `MappingInvalid` where `--kind` says that rows are no purchases: an order's state says what they are."""
    kind = reading.default_kind
    if kind is None or kind == EventKind.PURCHASE:
        return
    raise MappingInvalid(
        f"--kind is {kind}, and {reading.source.name} is read as orders.",
        allowed="Lines of orders are purchases; what was given back is told by states, refunds and quantities below 0.",
        next_step="Leave --kind out, or read the rows of a table as events of that kind: --as csv.",
    )


_BOUGHT = OrderState()


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `ids` of its product, the likeliest first; `key` tells it from the other lines of its order."""

    ids: tuple[Any, ...]
    key: Any
    quantity: Any = None
    price: Any = None
    raw: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GivenBack:
    """Some pieces of one line, or without a line the whole order."""

    key: str
    """Tells it from the other refunds of the order."""
    time: Any
    line: Line | None = None


@dataclass(slots=True)
class ShopOrder:
    """One order. `platform` is the first word of its event ids."""

    platform: str
    order_id: str
    time: Any
    who: Mapping[str, Any]
    """`shopper_id`, `anonymous_id`, `session_id`, as far as they are known."""
    lines: list[Line]
    refunds: list[GivenBack] = field(default_factory=list)
    state: OrderState = _BOUGHT
    raw: Mapping[str, Any] = field(default_factory=dict)
    bought_as: str = EventKind.PURCHASE.value
    """What its system calls a purchase: two that tell of an order under different names are two sources."""
    lines_follow: bool = False
    """Whether its lines come in rows of their own."""

    def events(self) -> Iterator[FoundEvent]:
        """A purchase a line, then what was given back. An order that nobody paid is one event that is set aside.

        An order of which nothing can be told, lines or refunds, is one purchase of no product: it will be refused.
        """
        if not self.state.bought:
            yield FoundEvent({**self._common(self.time), "kind": f"order {self.state.word}"}, (self.raw,))
            return
        seen: Counter[str] = Counter()
        for line in self.lines:
            key = str(line.key) if line.key is not None else str(ids_of(*line.ids)[0])
            seen[key] += 1
            number = f"#{seen[key]}" if seen[key] > 1 else ""
            yield FoundEvent(
                {
                    **self._common(self.time),
                    **_goods(line),
                    "kind": self.bought_as,
                    "event_id": f"{self.platform}-{self.order_id}#{key}{number}",
                },
                (line.raw, self.raw),
            )
        refunds = list(self.refunds)
        if self.state.given_back and not any(one.line is None for one in refunds):
            refunds.append(GivenBack("all", self.time))
        for one in refunds:
            goods = _goods(one.line) if one.line is not None else {}
            event_id = f"{self.platform}-{self.order_id}-back-{one.key}"
            fields = {**self._common(one.time), **goods, "kind": EventKind.REFUND.value, "event_id": event_id}
            yield FoundEvent(fields, (one.line.raw if one.line is not None else {}, self.raw))
        if not self.lines and not refunds and not self.lines_follow:
            yield FoundEvent({**self._common(self.time), "kind": self.bought_as}, (self.raw,))

    def _common(self, time: Any) -> dict[str, Any]:
        return {**self.who, "order_id": self.order_id, "time": time}


def _goods(line: Line) -> dict[str, Any]:
    product, others = ids_of(*line.ids)
    return {"product_id": product, ALTERNATIVES: others, "quantity": line.quantity, "value": line.price}
