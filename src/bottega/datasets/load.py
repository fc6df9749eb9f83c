"""Loads a shop's rows as arrays: items with their features, shoppers with their histories."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from bottega.catalogue.product import Product
from bottega.datasets.arrays import Features, Histories, PastCounts
from bottega.datasets.features import FeatureRows, FeatureSpace, SpaceLearner
from bottega.datasets.item_photos import ItemPhotos
from bottega.datasets.items import Items
from bottega.errors import CatalogueEmpty
from bottega.names import DAY_MS, KIND_WEIGHT, POSITIVE_KINDS, BoolArray, ConsentRule, KindCode
from bottega.store.store import Store

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Dataset", "collapse", "collapsed", "load_dataset"]


@dataclass(frozen=True)
class Dataset:
    """A shop as arrays.

    `shoppers` [S]: profile ids, one a history. `events_seen`: all events in the store that could be learnt from when it
    was read, of whatever kind. `unknown_products`: positive events that name no product known.
    """

    items: Items
    space: FeatureSpace
    features: Features
    histories: Histories
    shoppers: list[str]
    events_seen: int
    unknown_products: int


def load_dataset(
    store: Store, consent: ConsentRule = "assumed", *, analytics: bool = False, tastes: Sequence[str] = ()
) -> Dataset:
    """Everything a shop knows and may learn from, the newest photo vectors included.

    Shoppers without consent are not in it, nor bots (`EventStore.frame`). `tastes`: the attributes that the merchant
    says tastes are about. Raises `CatalogueEmpty` where no product is there.
    """
    items, space, features = _catalogue(store)
    features = replace(features, taste_attributes=tuple(tastes), past=past_counts(store, items))
    frame = store.events.frame(consent, analytics=analytics)
    histories, shoppers, unknown = histories_of(frame, items)
    return Dataset(
        items=items,
        space=space,
        features=features,
        histories=histories,
        shoppers=shoppers,
        events_seen=frame.height,
        unknown_products=unknown,
    )


def past_counts(store: Store, items: Items) -> PastCounts | None:
    """Counts of the months that were folded, of items that are known; None where there are none."""
    counts = store.folded.counts()
    if not counts:
        return None
    codes = items.codes([one.product_id for one in counts])
    known = codes >= 0
    return PastCounts(
        items=codes[known].astype(np.int32),
        kinds=np.array([int(one.kind) for one in counts], dtype=np.int8)[known],
        times=np.array([one.month_ms for one in counts], dtype=np.int64)[known] + _HALF_A_MONTH_MS,
        shoppers=np.array([one.shoppers for one in counts], dtype=np.int64)[known],
    )


_HALF_A_MONTH_MS = 15 * DAY_MS


def _catalogue(store: Store) -> tuple[Items, FeatureSpace, Features]:
    """Items with their features. Products are read twice, a few at a time: for the columns and for what is in them."""
    photos = ItemPhotos.newest(store)
    items, learner = Items(), SpaceLearner()
    for chunk in store.products.iterate():
        items.add(chunk)
        learner.see(chunk, *items.places(chunk))
    if not len(items):
        raise CatalogueEmpty(
            "The shop has no products.",
            allowed="Recommendations need a catalogue.",
            next_step="Import one: `bottega import catalogue FILE`.",
        )
    space = learner.learn(len(items), photos)
    rows, seen = FeatureRows(space), 0
    for chunk in store.products.iterate():
        chunk = chunk[: items.n_products - seen]  # those that came meanwhile wait for the next training
        rows.see(chunk, items.places(chunk)[1])
        seen += len(chunk)
    ids = items.all_product_ids() if photos is not None else []
    vectors = space.vectors(ids, items.item_of_row, len(items), photos)
    return items, space, rows.features(items.item_of_row, len(items), vectors)


def variants_of(items: Items, products: dict[str, Product]) -> list[list[Product]]:
    """The products of each item [I]."""
    return [
        [products[name] for name in names if name in products] for names in map(items.product_ids, range(len(items)))
    ]


def histories_of(frame: pl.DataFrame, items: Items) -> tuple[Histories, list[str], int]:
    """Histories of a table (`store.events.frame`), their shoppers, and the count of events on unknown products."""
    import polars as pl

    positive = frame.filter(pl.col("kind").is_in([int(kind) for kind in POSITIVE_KINDS]))
    names = positive["product_id"].unique().drop_nulls()
    codes = pl.DataFrame({"product_id": names, "item": items.codes(names.to_list())})
    known = positive.join(codes, on="product_id", how="left", maintain_order="left").filter(pl.col("item") >= 0)
    shoppers = known["shopper"].unique(maintain_order=True)
    lengths = known.group_by("shopper", maintain_order=True).len()["len"].to_numpy()
    histories = Histories(
        offsets=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        items=known["item"].to_numpy().astype(np.int32),
        kinds=known["kind"].to_numpy().astype(np.int8),
        times=known["time_ms"].to_numpy().astype(np.int64),
        n_items=len(items),
    )
    return collapse(histories), shoppers.to_list(), positive.height - known.height


_BY_STRENGTH = np.array(
    sorted(KindCode, key=lambda kind: (KIND_WEIGHT.get(kind, 0.0), kind)),  # ties are broken the same way always
    dtype=np.int8,
)
_STRENGTH: list[int] = np.argsort(_BY_STRENGTH).tolist()
"""The place of each kind of event among them, by its code."""


def collapse(histories: Histories) -> Histories:
    """One event for each run of events on the same item, as in view, view, cart, purchase of one lamp.

    It keeps the strongest kind of the run (`names.KIND_WEIGHT`) and the last time. A purchase ends its run, so that
    buying again is seen as buying again.
    """
    if histories.n_events == 0:
        return histories
    last: BoolArray = np.ones(histories.n_events, dtype=np.bool_)
    last[:-1] = (
        (histories.items[1:] != histories.items[:-1])
        | (histories.shoppers[1:] != histories.shoppers[:-1])
        | (histories.kinds[:-1] == KindCode.PURCHASE)
    )
    starts = np.concatenate([[0], np.flatnonzero(last)[:-1] + 1])
    strongest = _BY_STRENGTH[np.maximum.reduceat(np.array(_STRENGTH)[histories.kinds], starts)]
    kept = histories.keep(last)
    return Histories(kept.offsets, kept.items, strongest, kept.times, kept.n_items)


def collapsed(events: Iterable[tuple[int, int, int]], n_items: int) -> Histories:
    """The collapsed history of one shopper from item, kind and time of each event, oldest first.

    For who waits for an answer: a few events are gone through before arrays are made for them.
    """
    items: list[int] = []
    kinds: list[int] = []
    times: list[int] = []
    before, ended = -1, True
    for item, kind, time_ms in events:
        if item == before and not ended:
            times[-1] = time_ms
            if _STRENGTH[kind] > _STRENGTH[kinds[-1]]:
                kinds[-1] = kind
        else:
            items.append(item)
            kinds.append(kind)
            times.append(time_ms)
        before, ended = item, kind == KindCode.PURCHASE
    return Histories(
        np.array([0, len(items)], dtype=np.int64),
        np.array(items, dtype=np.int32),
        np.array(kinds, dtype=np.int8),
        np.array(times, dtype=np.int64),
        n_items,
    )
