"""Made-up things: whole meshes, depths that fit the picture, looks that agree between views."""

from __future__ import annotations

import numpy as np
import pytest

from bottega.models.studio.turntable.lessons import made_lessons
from bottega.models.studio.turntable.made_kinds import HELD_OUT, KINDS, LEARNT, made_thing
from bottega.models.studio.turntable.made_looks import MadeLook, made_look, made_studio, painted
from bottega.models.studio.turntable.made_views import camera_on, view_of


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_seen(kind: str) -> None:
    rng = np.random.default_rng(5)
    _, solid = made_thing(rng, (kind,))
    assert np.isfinite(solid.vertices).all()
    assert np.ptp(solid.vertices, 0).max() == pytest.approx(2, abs=1e-3)
    view = view_of(solid, made_look(rng), made_studio(rng), camera_on(solid, 10, 6, 0.82))
    shown = view.alpha > 0.5
    rows, columns = np.flatnonzero(shown.any(1)), np.flatnonzero(shown.any(0))
    assert 48 <= max(np.ptp(rows), np.ptp(columns)) + 1 <= 54, "its longer side fills the frame as asked"
    assert (view.back >= view.front - 1e-3)[shown].all()


def test_held_out_kinds_are_never_learnt_from() -> None:
    assert not set(HELD_OUT) & set(LEARNT)
    lessons = made_lessons(12, np.random.default_rng(0))
    assert set(lessons.kinds.tolist()) <= set(LEARNT)


def test_the_same_draw_gives_the_same_thing() -> None:
    one, other = (made_lessons(2, np.random.default_rng(7), angles=(10.0,)) for _ in range(2))
    assert (one.pictures == other.pictures).all() and (one.depths == other.depths).all()


def test_paint_belongs_to_the_place_and_is_mirrored_where_it_says_so() -> None:
    rng = np.random.default_rng(1)
    looks = [made_look(rng) for _ in range(40)]
    both = [MadeLook(one.colours, tuple(layer for layer in one.layers if layer.mirrored)) for one in looks]
    places = rng.uniform(-1, 1, (50, 3)).astype(np.float32)
    coats = rng.integers(0, 4, 50).astype(np.uint8)
    flipped = places * np.array([1, -1, 1], np.float32)
    assert any(one.layers for one in both)
    for one in both:
        assert painted(one, places, coats) == pytest.approx(painted(one, flipped, coats), abs=1e-5)
