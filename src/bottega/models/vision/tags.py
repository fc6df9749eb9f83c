"""Tags: from what an eye believes of a photo to what may be said of the product, and what may not.

Idea     A head speaks of the kind of thing that it was taught, and of nothing else: first the photo is asked which
         kind it shows. Then it speaks when its calibrated chance reaches the head's threshold, else it is silent and
         its guesses are kept. Heads that imply others (a type its subcategory, a subcategory its category) speak
         first, and what they imply is said instead of what the broader head alone would have said, so that levels never
         contradict each other.
Serves   Photos of products. A photo that shows none gets no tags.
Shapes   N photos, C classes of a head, W words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from bottega.names import BoolArray, FloatArray

__all__ = [
    "KIND",
    "NOTHING",
    "TAUGHT",
    "THRESHOLD",
    "WORDS",
    "Knows",
    "PhotoTags",
    "Seen",
    "SeenThing",
    "Tag",
    "Unknown",
    "read_tags",
    "threshold_of",
]

THRESHOLD = 0.5
"""Least confidence of a tag where the head has no threshold of its own: at least as likely right as wrong."""
KIND = "photo_kind"
"""The head that says what kind of photo it is; it gives no tag."""
NOTHING = "none"
"""Its class for photos that show no product."""
TAUGHT = 0.5
"""Chance that a photo shows what a head was taught, below which the head says nothing of it, not even a guess."""
WORDS = "words"
"""The head of the words of titles."""
_LEVELS = "category", "type"
"""What a thing and its name are called among the tags."""
_OTHERS_MIN = 0.1
_OTHERS = 2
_WORD_MIN = 0.3
_WORDS = 10

Guess = tuple[str, float]
"""A class or word, and its calibrated chance."""


class Knows(Protocol):
    """What an eye says of itself."""

    @property
    def heads(self) -> Mapping[str, tuple[str, ...]]:
        """Head -> its classes."""

    @property
    def words(self) -> tuple[str, ...]:
        """Words it predicts."""

    @property
    def thresholds(self) -> Mapping[str, float]:
        """Head -> least confidence of its tags."""

    @property
    def implies(self) -> Mapping[str, FloatArray]:
        """ "fine>broad" -> [C of fine, C of broad], shares of the broad classes among photos of each fine one."""


class SeenThing(Protocol):
    """A kind of thing that other heads know nothing of, in N photos."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def classes(self) -> tuple[str, ...]:
        """Its own names."""

    @property
    def shown(self) -> FloatArray:
        """[N], chance that the photo shows such a thing."""

    @property
    def chances(self) -> FloatArray:
        """[N, C]."""

    @property
    def threshold(self) -> float:
        """Least chance of a name that may be said."""


class Seen(Protocol):
    """What it saw in N photos."""

    @property
    def probabilities(self) -> Mapping[str, FloatArray]:
        """Head -> [N, C], calibrated."""

    @property
    def words(self) -> FloatArray:
        """[N, W]."""

    @property
    def taught(self) -> Mapping[str, FloatArray]:
        """Head -> [N], chance that the photo shows the kind of thing that the head was taught."""

    @property
    def things(self) -> Sequence[SeenThing]:
        """Kinds of things that have names of their own."""


@dataclass(frozen=True, slots=True)
class Tag:
    """What a head says."""

    head: str
    value: str
    confidence: float
    others: tuple[Guess, ...] = ()
    """The next best values of some weight."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A head that stays silent: its best guesses, and the confidence it would have needed.

    Without a guess the photo shows another kind of thing than the head was taught.
    """

    head: str
    guesses: tuple[Guess, ...]
    threshold: float


@dataclass(frozen=True, slots=True)
class PhotoTags:
    """What may be said of one photo."""

    kind: Guess | None
    """Kind of photo; None where the eye knows no kinds."""
    tags: tuple[Tag, ...]
    """In the order of the eye's heads."""
    unknown: tuple[Unknown, ...]
    words: tuple[Guess, ...]
    """Words a shopper would likely search it by, the likeliest first."""

    @property
    def shows_product(self) -> bool:
        return self.kind is None or self.kind[0] != NOTHING


def threshold_of(confidences: FloatArray, right: BoolArray, *, precision: float, least: int = 20) -> float:
    """The lowest threshold above which answers are right often enough, from N answers with known truth.

    Of all thresholds that leave `least` answers or more, the lowest with at least this `precision` above it. 1.01,
    which nothing reaches, where there is none.

    >>> threshold_of(np.array([0.9, 0.8, 0.7, 0.6]), np.array([True, True, False, True]), precision=0.9, least=1)
    0.8
    """
    order = np.argsort(-confidences, kind="stable")
    counts = np.arange(1, len(order) + 1)
    good = (np.cumsum(right[order]) / counts >= precision) & (counts >= least)
    # Of equal confidences, a threshold lets all through or none.
    good[:-1] &= confidences[order][:-1] > confidences[order][1:]
    return float(confidences[order][np.flatnonzero(good)[-1]]) if good.any() else 1.01


def read_tags(eye: Knows, looks: Seen, *, thresholds: Mapping[str, float] | None = None) -> list[PhotoTags]:
    """Tags of each photo that an eye looked at; `thresholds` by head instead of the eye's, `THRESHOLD` without."""
    thresholds = eye.thresholds if thresholds is None else thresholds
    order = _finest_first(eye)
    return [_read(eye, looks, row, order, thresholds) for row in range(len(looks.words))]


def _read(eye: Knows, looks: Seen, row: int, order: list[str], thresholds: Mapping[str, float]) -> PhotoTags:
    kind = _guesses(eye, looks, KIND, row, 1)[0] if KIND in eye.heads else None
    if kind is not None and kind[0] == NOTHING:
        return PhotoTags(kind, (), (), ())
    said: dict[str, Tag | Unknown] = {one.head: one for one in _things(looks, row)}
    for head in order:
        if head in said:
            continue
        if not _was_taught(looks, head, row):
            said[head] = Unknown(head, (), thresholds.get(head, THRESHOLD))
            continue
        threshold = thresholds.get(head, THRESHOLD)
        best, *others = _guesses(eye, looks, head, row, 1 + _OTHERS)
        if best[1] >= threshold:
            said[head] = Tag(head, *best, tuple(others))
            said |= {tag.head: tag for tag in _implied(eye, looks, row, said[head]) if tag.head not in said}
        else:
            said[head] = Unknown(head, (best, *others), threshold)
    found = [said[head] for head in eye.heads if head != KIND]
    chances = looks.words[row].tolist() if _was_taught(looks, WORDS, row) else [0.0] * len(eye.words)
    words = sorted(zip(eye.words, chances, strict=True), key=lambda guess: -guess[1])
    return PhotoTags(
        kind=kind,
        tags=tuple(one for one in found if isinstance(one, Tag)),
        unknown=tuple(one for one in found if isinstance(one, Unknown)),
        words=tuple(guess for guess in words[:_WORDS] if guess[1] >= _WORD_MIN),
    )


def _was_taught(looks: Seen, head: str, row: int) -> bool:
    return head not in looks.taught or bool(looks.taught[head][row] >= TAUGHT)


def _things(looks: Seen, row: int) -> Iterator[Tag | Unknown]:
    """What the photo shows where that has names of its own, as levels of a category."""
    for thing in looks.things:
        if thing.shown[row] < TAUGHT:
            continue
        yield Tag(_LEVELS[0], thing.name, float(thing.shown[row]))
        best, *others = _best(thing.classes, thing.chances[row], 1 + _OTHERS)
        if best[1] >= thing.threshold:
            yield Tag(_LEVELS[1], *best, tuple(others))
        else:
            yield Unknown(_LEVELS[1], (best, *others), thing.threshold)


def _implied(eye: Knows, looks: Seen, row: int, tag: Tag | Unknown) -> Iterator[Tag]:
    """What follows from a tag, and from that again: never less sure than the tag itself, by as much as it follows."""
    assert isinstance(tag, Tag)
    for pair, table in eye.implies.items():
        fine, broad = pair.split(">")
        shares = table[eye.heads[fine].index(tag.value)] if fine == tag.head else np.zeros(0)
        if not shares.any():
            continue
        chances = looks.probabilities[broad][row]
        best = int(np.argmax(shares * (chances + 1e-6)))
        confidence = max(float(chances[best]), tag.confidence * float(shares[best]))
        implied = Tag(broad, eye.heads[broad][best], confidence)
        yield implied
        yield from _implied(eye, looks, row, implied)


def _guesses(eye: Knows, looks: Seen, head: str, row: int, count: int) -> list[Guess]:
    """The best class, and after it those of some weight."""
    return _best(eye.heads[head], looks.probabilities[head][row], count)


def _best(classes: Sequence[str], chances: FloatArray, count: int) -> list[Guess]:
    best = np.argsort(-chances, kind="stable")[:count]
    found = [(classes[place], float(chances[place])) for place in best.tolist()]
    return found[:1] + [guess for guess in found[1:] if guess[1] >= _OTHERS_MIN]


def _finest_first(eye: Knows) -> list[str]:
    """The heads, those that imply others before what they imply."""
    pairs = [pair.split(">") for pair in eye.implies]
    depth = {head: 0 for head in eye.heads if head != KIND}
    for _ in depth:
        for fine, broad in pairs:
            depth[broad] = max(depth[broad], depth[fine] + 1)
    return sorted(depth, key=lambda head: depth[head])
