"""Everything that learns to see takes what it needs to the card it is given, learns there as here, and comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch

from bottega.errors import DeviceMissing
from bottega.models.vision.eye.config import TrunkConfig
from bottega.models.vision.eye.fitting import fit_eye
from bottega.models.vision.eye.material import Known
from bottega.models.vision.eye.training import Training
from bottega.models.vision.joint_space import JointSpace
from bottega.models.vision.outfits import Garments, Outfits
from bottega.models.vision.parts.fitting import fit_parser
from bottega.models.vision.parts.network import PartsShape
from bottega.models.vision.parts.parser import PartsConfig
from bottega.models.vision.parts.training import PartsTraining
from bottega.models.vision.parts.views import ANY_PART, PartsMaterial
from bottega.names import BoolArray

N = 80
COLOURS = ("red", "green", "blue")


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def pictures() -> tuple[np.ndarray, list[str]]:
    rng = np.random.default_rng(5)
    photos, colours = np.full((N, 32, 32, 3), 255, np.uint8), []
    for row in range(N):
        code = int(rng.integers(3))
        photos[row, 4:28, 4:20] = np.eye(3, dtype=np.uint8)[code] * 200
        colours.append(COLOURS[code])
    return photos, colours


def outlines_of(photos: np.ndarray) -> BoolArray:
    return np.asarray((photos < 250).any(3), dtype=np.bool_)


def an_eye(device: str) -> dict[str, Any]:
    photos, colours = pictures()
    known = Known(
        "catalogue",
        photos,
        "product",
        {"color": colours, "type": ["a", "b"] * (N // 2)},
        {"words": [frozenset([colour]) for colour in colours]},
        np.arange(N, dtype=np.int32) // 2,
        outlines_of(photos),
    )
    eye = fit_eye(
        [known, Known("street", photos[:20].copy(), "worn", {}, {})],
        marks={"words": COLOURS},
        rng=np.random.default_rng(0),
        version="x",
        config=Training(
            epochs=2,
            batch_size=16,
            sizes=((0.5, 16), (0.5, 24)),
            on_street=0.5,
            trunk=TrunkConfig(widths=(8, 8, 16, 16), blocks=(1, 1, 1, 1), colours=8),
        ),
        device=device,
    )
    assert eye.second is not None
    return eye.network.state_dict() | dict(eye.second.arrays)


def a_parser(device: str) -> dict[str, Any]:
    photos, _ = pictures()
    outlines = outlines_of(photos)
    parser = fit_parser(
        list(photos[:12]),
        list(np.where(outlines[:12], 3, 0).astype(np.uint8)),
        rng=np.random.default_rng(0),
        config=PartsConfig(32, "t", PartsShape((8, 8, 16), (1, 1, 1), 16, 4, (8, 8, 8))),
        training=PartsTraining(steps=4, batch_size=8, sizes=((0.5, 16, 16), (0.5, 32, 32)), on_plain=0.5, pasted=0.5),
        shop=PartsMaterial(photos[12:20], np.where(outlines[12:20], ANY_PART, 0).astype(np.uint8)),
        device=device,
    )
    return dict(parser.network.state_dict())


def words(device: str) -> dict[str, Any]:
    _, colours = pictures()
    vectors = np.random.default_rng(0).standard_normal((N, 128)).astype(np.float32)
    texts = [[colour, "shirt"] for colour in colours]
    return dict(JointSpace().fit(texts, vectors, rng=np.random.default_rng(0), device=device).weights)


def what_goes_with_what(device: str) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    garments = Garments(
        rng.standard_normal((N, 16)).astype(np.float32),
        rng.random((N, 12)).astype(np.float32),
        (np.arange(N) % 3).astype(np.int32),
    )
    pairs = np.array([[row, row + 1] for row in range(0, N - 1, 3)], np.int32)
    first = Outfits().fit(garments, pairs, rng=np.random.default_rng(0), device=device)
    return dict(Outfits().fit(garments, pairs, rng=np.random.default_rng(1), start=first, device=device).arrays_)


def telling(key: str, value: Any) -> np.ndarray:
    """A learnt array without what nothing depends on: a bias of attention's keys moves all scores of a row alike, so
    that the softmax forgets it; its gradient is rounding alone, which Adam makes as large as any other."""
    found = np.asarray(value)
    return np.delete(found, np.s_[len(found) // 3 : 2 * len(found) // 3]) if key.endswith("in_proj_bias") else found


LEARNERS: dict[str, Callable[[str], dict[str, Any]]] = {
    "eye": an_eye,
    "parser": a_parser,
    "words": words,
    "outfits": what_goes_with_what,
}


@pytest.mark.parametrize("name", LEARNERS)
def test_a_card_learns_what_the_processor_learns(name: str, card: str) -> None:
    there, here = LEARNERS[name](card), LEARNERS[name]("cpu")
    assert there.keys() == here.keys()
    for key, value in here.items():
        assert type(there[key]) is type(value), f"{key} stayed on the card"
        np.testing.assert_allclose(telling(key, there[key]), telling(key, value), rtol=1e-4, atol=1e-5, err_msg=key)


@pytest.mark.skipif(torch.cuda.is_available(), reason="here is a card")
@pytest.mark.parametrize("name", LEARNERS)
def test_a_card_that_is_not_there_is_refused(name: str) -> None:
    with pytest.raises(DeviceMissing, match="cuda is asked for"):
        LEARNERS[name]("cuda")
