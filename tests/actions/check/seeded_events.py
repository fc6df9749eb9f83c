"""What people do in a shop, and the faults that trackers, exports and programs put among it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bottega.catalogue.product import Product
from bottega.prices import exponent

__all__ = ["EVENT_FAULTS", "SeededEvents"]

Row = dict[str, Any]
SECOND, HOUR, DAY = 1_000, 3_600_000, 86_400_000


@dataclass
class SeededEvents:
    """Events of a shop in order; each fault of `EVENT_FAULTS` adds to them or changes them."""

    products: list[Product]
    """In the order of the catalogue."""
    seed: int
    people: int = 160
    rows: list[Row] = field(default_factory=list)
    expected: set[str] = field(default_factory=set)
    """Shoppers whom a fault made into bots."""

    def __post_init__(self) -> None:
        self.draw = random.Random(self.seed)
        self.now = time.time_ns() // 1_000_000
        self.by_taste: dict[tuple[str, str], list[Product]] = {}
        for product in self.products:
            color = product.attributes.get("color", ("",))[0]
            self.by_taste.setdefault((product.category[-1], color), []).append(product)
        for number in range(self.people):
            self._person(f"person-{number}")

    def add(self, shopper: str, kind: str, product: str, time_ms: int, **more: Any) -> Row:
        """One event more."""
        row = {"event_id": f"e{len(self.rows)}", "shopper_id": shopper, "kind": kind, "product_id": product}
        self.rows.append(row | {"time_ms": int(time_ms), "source": "native:" + kind} | more)
        return self.rows[-1]

    def of_kind(self, kind: str) -> list[Row]:
        return [row for row in self.rows if row["kind"] == kind]

    def a_day(self) -> int:
        """A moment of the last two months, by day."""
        return self.now - self.draw.randrange(2, 60) * DAY + self.draw.randrange(0, 10 * HOUR)

    def _person(self, name: str) -> None:
        liked = self.draw.choice(list(self.by_taste))
        for visit in range(self.draw.randrange(2, 6)):
            at, session = self.a_day(), f"{name}-v{visit}"
            for _ in range(self.draw.randrange(3, 10)):
                own = self.draw.random() < 0.6
                product = self.draw.choice(self.by_taste[liked] if own else self.products)
                at += int(self.draw.lognormvariate(3.2, 1.0) * SECOND) + 2 * SECOND
                self.add(name, "view", product.id, at, session_id=session)
                if self.draw.random() < 0.2:
                    at += self.draw.randrange(5, 90) * SECOND
                    self.add(name, "add_to_cart", product.id, at, session_id=session)
                    if self.draw.random() < 0.6:
                        at += self.draw.randrange(30, 900) * SECOND
                        value = (product.price_minor or 0) / 10 ** exponent(product.currency or "USD")
                        self.add(name, "purchase", product.id, at, session_id=session, value=value)


Put = Callable[[SeededEvents], None]


def _unknown(events: SeededEvents) -> None:
    for row in events.draw.sample(events.rows, len(events.rows) // 5):
        row["product_id"] = f"gla_{row['product_id']}"


def _future(events: SeededEvents) -> None:
    for place, row in enumerate(events.draw.sample(events.of_kind("view"), 9)):
        row["time_ms"] = events.now + (place + 2) * HOUR


def _old(events: SeededEvents) -> None:
    for row in events.draw.sample(events.of_kind("view"), 4):
        row["time_ms"] -= 11 * 366 * DAY


def _whole_days(events: SeededEvents) -> None:
    for number in range(90):
        day = events.a_day() // DAY * DAY
        product = events.draw.choice(events.products)
        events.add(f"person-{number}", "purchase", product.id, day, source="orders:order")


def _at_once(events: SeededEvents) -> None:
    for row in events.draw.sample(events.of_kind("view"), 70):
        row["time_ms"] = events.now - 9 * DAY


def _even(events: SeededEvents) -> None:
    step = events.draw.randrange(1, 90) * SECOND
    places: dict[str, int] = {}
    for row in sorted(events.rows, key=lambda row: row["time_ms"]):
        who = row["shopper_id"]
        places[who] = places.get(who, int(who.split("-")[1]) * 7_001) + step
        row["time_ms"] = events.now - 30 * DAY + places[who]
        row["session_id"] = None


def _zone(events: SeededEvents) -> None:
    for row in events.of_kind("purchase"):
        row["time_ms"] += 3 * HOUR if events.seed % 2 else -2 * HOUR


def _repeated(events: SeededEvents) -> None:
    for row in events.draw.sample(events.of_kind("add_to_cart"), 60):
        events.rows.append(row | {"event_id": f"again-{row['event_id']}"})


def _doubled(events: SeededEvents) -> None:
    for row in events.draw.sample(events.of_kind("view"), len(events.of_kind("view")) // 4):
        events.rows.append(row | {"event_id": f"again-{row['event_id']}", "time_ms": row["time_ms"] + 150})


def _endless(events: SeededEvents) -> None:
    for row in events.rows:
        if row["shopper_id"] == "person-3":
            row["session_id"] = "always-on"


def _large(events: SeededEvents) -> None:
    for row in events.draw.sample(events.rows, len(events.rows) // 3):
        row["shopper_id"], row["session_id"] = "web-shop", None


def _apart(events: SeededEvents) -> None:
    for row in events.of_kind("purchase"):
        row["shopper_id"], row["session_id"] = f"crm-{row['shopper_id']}", None


def _scaled(events: SeededEvents) -> None:
    for row in events.of_kind("purchase"):
        row["value"] *= 100


def _fast(events: SeededEvents) -> None:
    at = events.a_day()
    for number in range(150):
        product = events.draw.choice(events.products)
        events.add("crawler", "view", product.id, at + number * events.draw.randrange(200, 800))
    events.expected = {"crawler"}


def _regular(events: SeededEvents) -> None:
    for name, gap in (("watcher-a", 20 * SECOND), ("watcher-b", 45 * SECOND)):
        at = events.a_day()
        for _ in range(260):
            at += gap + events.draw.randrange(-SECOND, SECOND)
            events.add(name, "view", events.draw.choice(events.products).id, at)
    events.expected = {"watcher-a", "watcher-b"}


def _walk(events: SeededEvents) -> None:
    at = events.a_day()
    for product in events.products[20:220]:
        at += int(events.draw.lognormvariate(3, 1) * SECOND) + 2 * SECOND
        events.add("copier", "view", product.id, at)
    events.expected = {"copier"}


def _tireless(events: SeededEvents) -> None:
    at = events.a_day()
    for _ in range(400):
        at += int(events.draw.uniform(60, 900)) * SECOND
        events.add("sleepless", "view", events.draw.choice(events.products).id, at)
    events.expected = {"sleepless"}


def _ring(events: SeededEvents) -> None:
    product, at = events.products[7], events.a_day()
    events.expected = {f"new-{number}" for number in range(300)}
    for name in sorted(events.expected):
        at += events.draw.randrange(20, 400) * SECOND
        events.add(name, "view", product.id, at)


def _too_many(events: SeededEvents) -> None:
    for person in range(40):
        at = events.a_day()
        for number in range(90):
            product = events.draw.choice(events.products)
            events.add(f"person-{person}", "view", product.id, at + number * events.draw.randrange(20, 60))


EVENT_FAULTS: dict[str, Put] = {
    "products_unknown": _unknown,
    "clock_future": _future,
    "clock_old": _old,
    "clock_whole_days": _whole_days,
    "clock_same": _at_once,
    "clock_even": _even,
    "clock_zone": _zone,
    "events_repeated": _repeated,
    "views_doubled": _doubled,
    "sessions_endless": _endless,
    "shopper_large": _large,
    "purchases_apart": _apart,
    "value_scaled": _scaled,
    "bot_fast": _fast,
    "bot_regular": _regular,
    "bot_walk": _walk,
    "bot_tireless": _tireless,
    "bot_ring": _ring,
    "bots_too_many": _too_many,
}
"""Rule to what breaks it."""
