"""Designs: kept, laid otherwise, taken along by a log-in, kept while an order names them, dropped when none does."""

from __future__ import annotations

from dataclasses import replace

from bottega.events.event import Event
from bottega.names import EventKind
from bottega.store.designs import KeptDesign, Placed
from bottega.store.store import Store

T = 1_700_000_000_000
MIDDLE: Placed = {"fit": "fill", "scale": 1.0, "x": 0.0, "y": 0.0, "rotate": 0.0}


def design(design_id: str, shopper: str = "ana", *, time_ms: int = T) -> KeptDesign:
    return KeptDesign(design_id, shopper, "mug-1", "mug", "picture", f"{design_id}.png", MIDDLE, time_ms, shopper)


def bought(design_id: str, kind: EventKind = EventKind.PURCHASE) -> Event:
    return Event(shopper_id="ana", kind=kind, product_id="mug-1", time_ms=T + 5, design_id=design_id)


def test_a_design_comes_back_and_is_laid_otherwise(store: Store) -> None:
    store.designs.add(design("d-1"))
    assert store.designs.get("d-1") == design("d-1") and store.designs.get("d-2") is None
    moved: Placed = {**MIDDLE, "scale": 2.0}
    assert store.designs.place(design("d-1"), moved) == replace(design("d-1"), placement=moved)
    found = store.designs.get("d-1")
    assert found is not None and found.placement == moved and store.designs.count("ana") == 1


def test_a_purchase_keeps_the_design_it_names(store: Store) -> None:
    for each in ("d-1", "d-2", "d-3"):
        store.designs.add(design(each))
    store.designs.add(design("d-new", time_ms=T + 10))
    store.events.add([bought("d-1"), bought("d-2", EventKind.ADD_TO_CART)])
    assert [row.design_id for row in store.events.of_shopper("ana", 9)] == ["d-2", "d-1"]
    assert store.designs.ordered("d-1") and not store.designs.ordered("d-2")
    assert store.designs.remove("bo", ["d-1", "d-2"]) == []
    assert [gone.design_id for gone in store.designs.expire(T + 1)] == ["d-2", "d-3"]
    assert [gone.design_id for gone in store.designs.remove("ana", ["d-1", "d-new"])] == ["d-new"]
    assert store.designs.get("d-1") is not None


def test_a_log_in_takes_designs_along_and_forgetting_takes_them_out(store: Store) -> None:
    store.designs.add(design("d-1", "cookie"))
    store.designs.add(design("d-0", ""))
    assert store.shoppers.profile("cookie") == "cookie", "who made a design is known"
    login = Event(shopper_id="ana", anonymous_id="cookie", kind=EventKind.VIEW, product_id="mug-1", time_ms=T + 1)
    store.events.add([login])
    found = store.designs.get("d-1")
    assert found is not None and (found.shopper, found.told_as) == ("ana", "cookie")
    record = store.shoppers.forget("ana")
    assert record is not None and [row["file"] for row in record.tables["designs"]] == ["d-1.png"]
    assert store.designs.get("d-1") is None and store.designs.get("d-0") is not None
