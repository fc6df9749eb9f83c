"""What a recommender is: a protocol, its abilities as data, the answer it gives, and how scores become a ranked list.

Whoever puts recommenders together (the blend, a shop's floor, the report of an evaluation) reads `abilities` and asks
for the small protocols below; none of them keeps a list of names.

Shapes   B shoppers asked about, I items, K places in the list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Literal, NamedTuple, Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.datasets.growing import GrowingColumn, GrowingRows
from bottega.models.blocks.best import best
from bottega.names import BoolArray, FloatArray, IntArray
from bottega.progress import Progress, silent

__all__ = [
    "KNOWN_SHOPPER",
    "NEW_PRODUCT",
    "NEW_SHOPPER",
    "WHOLE",
    "Abilities",
    "Composed",
    "Evidence",
    "Explains",
    "Extends",
    "Packed",
    "Packs",
    "Ranking",
    "Recommender",
    "Refits",
    "Scale",
    "ScoresFew",
    "Suits",
    "flat",
    "members_of",
    "packed_of",
    "rank",
    "top",
]

KNOWN_SHOPPER = "known shopper"
"""Scores depend on the shopper's events."""
NEW_SHOPPER = "new shopper"
"""A shopper with no events still gets meaningful scores."""
NEW_PRODUCT = "new product"
"""`extend` gives scores to products that came after training."""

WHOLE = "whole"
"""Kind of a recommender that cannot be packed."""

Scale = Literal["amounts", "logits"]


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a recommender can do, for those who choose among recommenders and mix them."""

    serves: frozenset[str]
    """Whom it has something to say to: of `KNOWN_SHOPPER`, `NEW_SHOPPER` and `NEW_PRODUCT`."""
    scale: Scale = "amounts"
    """How scores read. `amounts`: 0 (or less) where nothing speaks for an item, twice as much where twice as much does.
    `logits`: logarithms already, of any sign."""
    usual_weight: float = 0.1
    """What it counts in a blend before this shop's events have proven it; where not 0.1, found on Amazon Beauty and
    Toys."""
    quick: bool = False
    """Worth judging while somebody waits: counted in seconds, or the default, which takes the longest of these."""
    simple: bool = False
    """Always stands in the table: trained in seconds, and what anything larger has to beat."""
    stands_in: bool = False
    """Fitted at once from whatever there is, so that it can answer for whoever cannot; every shop has those."""

    @property
    def personal(self) -> bool:
        """Whether an event of the shopper can speak for its scores."""
        return KNOWN_SHOPPER in self.serves


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best items of each shopper, best first: `items` [B, K] (-1 where the list ends early), `scores` [B, K]."""

    items: IntArray
    scores: FloatArray

    def __len__(self) -> int:
        return len(self.items)

    def rows(self) -> Iterator[list[tuple[int, float]]]:
        """(item, score) pairs of each shopper, the empty places left out."""
        for items, scores in zip(self.items.tolist(), self.scores.tolist(), strict=True):
            yield [(item, score) for item, score in zip(items, scores, strict=True) if item >= 0]


class Recommender(Protocol):
    """A model that scores items for shoppers.

    The constructor takes a frozen config and does nothing else; learned attributes end in an underscore. The same seed
    gives the same model. A later event never changes the scores an earlier position had in training.
    """

    name: ClassVar[str]
    abilities: ClassVar[Abilities]

    @property
    def config(self) -> Any: ...

    def fit(
        self,
        histories: Histories,
        features: Features,
        *,
        rng: np.random.Generator,
        holdout: Holdout | None = None,
        device: str = "auto",
        progress: Progress = silent,
    ) -> Self:
        """Learn from histories; `holdout` (never learnt from) is for early stopping and weights.

        `device` says where ("auto", "cpu", "cuda": models/blocks/device.py); who only counts does not care. Whoever has
        learnt answers on the processor.
        """
        ...

    def score(self, histories: Histories) -> FloatArray:
        """Scores [B, I] of every item for every history; -inf where the model has nothing to say. Higher is better.

        Scoring a batch equals scoring one by one. An empty history is allowed.
        """
        ...

    def save(self, folder: Path) -> None:
        """Write arrays (.npz) and JSON into an existing empty folder. No pickle."""
        ...

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote; `ModelFileBroken` when it is incomplete."""
        ...


@runtime_checkable
class Extends(Protocol):
    """A recommender that serves products which came after training."""

    def extend(self, features: Features) -> None:
        """Cover all items of `features`: old codes unchanged, new ones behind them, columns the same."""
        ...


@runtime_checkable
class Refits(Protocol):
    """A recommender that learns anew in seconds, so that what questions were put aside for is not lost to it."""

    def refit(self, histories: Histories, features: Features, *, rng: np.random.Generator) -> None:
        """Learn from `histories`, the questions' answers among them, and keep what the questions taught."""
        ...


@runtime_checkable
class Suits(Protocol):
    """A recommender that is of no use in some shops."""

    def suits(self, features: Features) -> bool:
        """Whether it is worth fitting where products are described so."""
        ...


@runtime_checkable
class ScoresFew(Protocol):
    """A recommender that need not score the whole catalogue to score a few items."""

    def score_items(self, histories: Histories, items: list[int]) -> FloatArray:
        """`score` of these items only [B, K]."""
        ...


@runtime_checkable
class Composed(Protocol):
    """A recommender made of others, each of which adds its share to every score."""

    members_: dict[str, Recommender]

    def shares(self, histories: Histories) -> FloatArray:
        """What each member adds to each score [B, M, I], members in the order of `members_`; their sum is `score`."""
        ...


def members_of(model: Recommender) -> dict[str, Recommender]:
    """A recommender under its name, and behind it those that it is made of."""
    return {model.name: model, **(model.members_ if isinstance(model, Composed) else {})}


@dataclass(frozen=True)
class Packed:
    """A recommender as flat arrays: all that its answers need, without what it learnt by. Plain JSON beside them."""

    kind: str
    """Which member of `models/recommend/answering` reads it; `WHOLE` for one that cannot be packed."""
    serves: frozenset[str]
    logits: bool
    arrays: Mapping[str, NDArray[Any]]
    settings: Mapping[str, Any] = field(default_factory=dict)
    grows: tuple[str, ...] = ()
    """Arrays with a row an item, to which new items are added."""
    members: Mapping[str, Packed] = field(default_factory=dict)
    """Those it is made of, by label."""
    roomy: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    """Those that grow, with their spare rows, where they were opened from a file."""

    def column(self, name: str) -> GrowingColumn:
        """An array that grows."""
        return GrowingColumn(self.roomy.get(name, self.arrays[name]), len(self.arrays[name]))

    def rows(self, name: str) -> GrowingRows:
        """A sparse matrix, as `flat` laid it out, whose rows grow."""
        return GrowingRows(self.column(f"{name}.indptr"), [self.column(f"{name}.indices"), self.column(f"{name}.data")])


def flat(name: str, matrix: sparse.csr_matrix) -> dict[str, NDArray[Any]]:
    """The arrays of a sparse matrix under its name, rows sorted by column."""
    if not matrix.has_sorted_indices:
        matrix = matrix.sorted_indices()
    return {
        f"{name}.indptr": np.asarray(matrix.indptr, dtype=np.int64),
        f"{name}.indices": np.asarray(matrix.indices, dtype=np.int32),
        f"{name}.data": np.asarray(matrix.data, dtype=np.float32),
    }


@runtime_checkable
class Packs(Protocol):
    """A recommender that can be packed. Any other is asked for all its scores at every answer."""

    def packed(self) -> Packed | None:
        """All that its answers need; None where its settings are such that it cannot be packed."""
        ...


def packed_of(model: Recommender) -> Packed:
    """A recommender as flat arrays; of one that cannot be packed, that it cannot."""
    found = model.packed() if isinstance(model, Packs) else None
    return found or Packed(WHOLE, model.abilities.serves, model.abilities.scale == "logits", {})


class Evidence(NamedTuple):
    """Why an item scored: the history position that spoke for it, or the attribute columns it shares, and how much.

    A tuple, because an answer makes dozens.
    """

    position: int
    weight: float
    attributes: tuple[int, ...] = ()


@runtime_checkable
class Explains(Protocol):
    """A recommender that has it at hand, in a table, which events of a history spoke for an item.

    Of any other it is found out by leaving events out: last_mile/reasons_left_out.py.
    """

    def evidence(self, history: IntArray, item: int, *, count: int = 3) -> list[Evidence]:
        """The strongest positions of `history` [T], strongest first; empty when nothing speaks for the item."""
        ...


def rank(
    model: Recommender,
    histories: Histories,
    *,
    count: int,
    allowed: BoolArray | None = None,
    hide_seen: bool = True,
) -> Ranking:
    """The `count` best allowed items of each history.

    `allowed` is a mask [I] or [B, I]; `hide_seen` leaves out what the history already holds (the evaluation protocol
    of published work). Equal scores rank by item code, so answers are repeatable.
    """
    scores = model.score(histories)
    if hide_seen:
        scores = scores.copy()
        scores[histories.shoppers, histories.items] = -np.inf
    if allowed is not None:
        scores = np.where(allowed, scores, -np.inf).astype(np.float32)
    return top(scores, count)


def top(scores: FloatArray, count: int) -> Ranking:
    """The `count` highest finite scores of each row [B, I]."""
    count = min(count, scores.shape[1])
    items = np.full((len(scores), count), -1, dtype=np.int32)
    values = np.full((len(scores), count), -np.inf, dtype=np.float32)
    for row, own in enumerate(scores):
        places = best(own, count)
        items[row, : len(places)], values[row, : len(places)] = places, own[places]
    return Ranking(items, values)
