"""Fixtures that every room's tests share."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

from bottega.datasets.photos.masks import PARTS, LabelMap
from bottega.datasets.photos.reading import Photo
from bottega.names import FloatArray
from bottega.shop.trained.shipped_models import SHIPPED

REPOSITORY = Path(__file__).parent.parent


def pytest_collection_finish() -> None:
    """What the collected tests are made of stays to the end: the collector of garbage need not look at it each time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def real_data() -> Callable[[str], Path]:
    """Path of a file of the public data sets, found by BOTTEGA_DATA or beside the repository; skips where absent."""
    folder = Path(os.environ.get("BOTTEGA_DATA", REPOSITORY.parent / "shared" / "data"))

    def find(name: str) -> Path:
        path = folder / name
        if not path.exists():
            pytest.skip(f"real data {name} is not here; set BOTTEGA_DATA to the folder that holds it")
        return path

    return find


@pytest.fixture
def ships() -> Iterator[Callable[..., None]]:
    """The door for models whose answers are known: `ships(eye=..., words=..., parts=..., outfits=...)` puts them in the
    place of those that come with Bottega, for every shop, until the test ends. None stands for no model at all."""
    with ExitStack() as stack:
        yield lambda **models: stack.enter_context(SHIPPED.standing_in(**models))


class PlainParts:
    """A parser that sees no part of anything worn, or what `labels` says of a photo."""

    def __init__(self, labels: Callable[[Photo], LabelMap] | None = None) -> None:
        self._labels = labels or (lambda photo: np.zeros(photo.shape[:2], dtype=np.uint8))

    def parse(self, photos: Sequence[Photo], *, sides: Sequence[float] = (1.0,)) -> list[FloatArray]:
        """Of each pixel the one part that it is."""
        codes = np.arange(len(PARTS))
        return [(labels[..., None] == codes).astype(np.float32) for labels in self.parse_labels(photos)]

    def parse_labels(self, photos: Sequence[Photo]) -> list[LabelMap]:
        return [self._labels(photo) for photo in photos]


@pytest.fixture(scope="session")
def plain_parts() -> type[PlainParts]:
    """A parser whose answers are known."""
    return PlainParts
