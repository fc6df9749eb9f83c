"""A piece that lies on a carpet is told from it by colour; where colours say nothing the labels stay."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from tests.actions.studio.dressing.drawn_clothes import RED, photo

from bottega.datasets.photos.masks import PARTS
from bottega.datasets.photos.reading import Photo
from bottega.models.blocks.colours import is_plain
from bottega.models.studio.garments.by_colour import told_by_colour
from bottega.models.studio.garments.cut_outs import cut_out
from bottega.names import BoolArray

PX = 240


def on_carpet(*, like_it: bool = False) -> tuple[Photo, BoolArray, BoolArray]:
    """A drawn T-shirt on a carpet [240, 240, 3], where it is, and where a parser says it is."""
    drawn = np.asarray(Image.open(BytesIO(photo("tee", RED, PX))).convert("RGB")).astype(int)
    piece = drawn[..., 1] < 150
    rng = np.random.default_rng(0)
    flecks = rng.normal(0, 28, (PX, PX, 1))
    ground = np.array(RED if like_it else (170, 160, 140)) + flecks
    cloth = np.array(RED) + (flecks if like_it else rng.normal(0, 4, (PX, PX, 1)))
    cloth[90:110, 100:140] = (240, 240, 240)  # a print in its middle
    shown = np.where(piece[..., None], cloth, ground).clip(0, 255).astype(np.uint8)
    said = piece.copy()
    said[200:236, 60:180] = True  # carpet below it
    said[10:40, 5:40] = True
    said[120:170, 70:100] = False  # a hole
    return shown, piece, said


def agreement(one: BoolArray, other: BoolArray) -> float:
    return float((one & other).sum() / (one | other).sum())


def test_carpet_goes_and_holes_are_filled() -> None:
    shown, piece, said = on_carpet()
    found = told_by_colour(shown, said)
    assert agreement(said, piece) < 0.85 and agreement(found, piece) > 0.93
    assert not found[226:].any() and found[95:105, 105:135].all(), "the print is of the piece"
    large = np.asarray(Image.fromarray(shown).resize((5 * PX, 5 * PX)))
    assert (
        agreement(
            told_by_colour(large, np.kron(said, np.ones((5, 5), np.bool_))), np.kron(piece, np.ones((5, 5), np.bool_))
        )
        > 0.93
    )


@pytest.mark.parametrize("said", [np.zeros((PX, PX), np.bool_), np.ones((PX, PX), np.bool_)])
def test_labels_that_say_nothing_break_nothing(said: BoolArray) -> None:
    shown, _, _ = on_carpet()
    found = told_by_colour(shown, said)
    assert found.shape == said.shape and found.dtype == np.bool_


def test_where_colours_say_nothing_the_labels_stay() -> None:
    shown, _, said = on_carpet(like_it=True)
    assert (told_by_colour(shown, said) == said).all()


def test_a_lying_piece_is_cut_out_so_and_a_bag_is_not() -> None:
    shown, piece, said = on_carpet()
    labels = np.where(said, PARTS.index("bag"), 0).astype(np.uint8)
    assert not is_plain(shown)
    assert agreement(cut_out(shown, "top", lambda _: labels).mask, piece) > 0.93
    assert (cut_out(shown, "bag", lambda _: labels).mask == said).all()
