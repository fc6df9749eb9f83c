"""Scenes: a product stands on its line, throws its shadow away from the light, keeps its colours; small files."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from bottega.datasets.photos.degraded import recompressed
from bottega.models.blocks.cards import read_card
from bottega.models.blocks.colours import foreground
from bottega.models.studio.rescue.repair import Wanted, repair
from bottega.models.studio.rescue.scenes import FOLDER, SCENES, backdrop, on_scene, scene_px


def box(height: int = 120, width: int = 80, colour: tuple[int, int, int] = (180, 40, 40)) -> np.ndarray:
    cut = np.zeros((200, 200, 4), np.uint8)
    cut[40 : 40 + height, 60 : 60 + width] = (*colour, 255)
    return cut


@pytest.mark.parametrize("name", SCENES)
def test_the_product_is_there_in_its_own_colours(name: str) -> None:
    scene, shown = SCENES[name], on_scene(box(), name, (600, 600))
    red = (shown[..., 0].astype(int) - shown[..., 1] > 90) & (shown[..., 1] < 90)
    rows, columns = np.flatnonzero(red.any(1)), np.flatnonzero(red.any(0))
    assert shown.shape == (600, 600, 3)
    assert abs((columns[0] + columns[-1]) / 2 - 300) < 4, "in the middle"
    if scene.stands:
        assert abs(rows[-1] - scene.ground * 600) < 4, "on the line on which things stand"
    assert np.ptp(rows) / np.ptp(columns) == pytest.approx(120 / 80, abs=0.05)
    middle = shown[(rows[0] + rows[-1]) // 2, 300].astype(int)
    assert np.abs(middle - (180, 40, 40)).max() < 16


@pytest.mark.parametrize("name", SCENES)
def test_a_shadow_falls_to_the_right_and_darkens_nothing_far_away(name: str) -> None:
    lit = on_scene(box(), name, (600, 600)).astype(int)
    darker = backdrop(name, (600, 600)).astype(float).mean(2) - lit.mean(2)
    red = (lit[..., 0] - lit[..., 1] > 60) & (lit[..., 1] < 110)
    columns, rows = np.flatnonzero(red.any(0)), np.flatnonzero(red.any(1))
    right = darker[rows[-1] - 40 : rows[-1], columns[-1] + 4 : columns[-1] + 24].mean()
    left = darker[rows[-1] - 40 : rows[-1], columns[0] - 24 : columns[0] - 4].mean()
    assert right > left + 1 and right > 2
    assert np.abs(darker[:40]).max() < 2 and np.abs(darker[:, :40]).max() < 2
    if SCENES[name].stands:
        below = darker[rows[-1] + 1 : rows[-1] + 5, 290:310].mean()
        assert below > 15, "it touches the ground"


@pytest.mark.parametrize("size", [(1080, 1350), (1080, 1920), (800, 800)])
def test_a_scene_has_any_shape(size: tuple[int, int]) -> None:
    shown = on_scene(box(), "table", size)
    assert shown.shape == (size[1], size[0], 3)
    red = (shown[..., 0].astype(int) - shown[..., 1] > 90) & (shown[..., 1] < 90)
    rows, columns = np.flatnonzero(red.any(1)), np.flatnonzero(red.any(0))
    assert rows[0] > 0 and rows[-1] < size[1] - 20 and columns[0] > 20 and columns[-1] < size[0] - 20


def test_scenes_are_small_and_have_a_card() -> None:
    assert {path.stem for path in FOLDER.glob("*.webp")} == set(SCENES)
    assert all(path.stat().st_size < 600_000 for path in FOLDER.glob("*.webp"))
    assert all(scene_px(name) >= 1000 for name in SCENES)
    assert read_card(FOLDER)["name"] == "scenes"


def test_a_scene_shows_through_the_handle_of_a_bag() -> None:
    picture = Image.new("RGB", (224, 224), "white")
    ImageDraw.Draw(picture).rectangle((40, 80, 180, 200), fill="#703020")
    ImageDraw.Draw(picture).ellipse((80, 90, 140, 125), fill="white")
    wanted = Wanted(enlarge=1, light=False, level=False, scene="table")
    done = repair(recompressed(np.asarray(picture), 60), wanted, _unasked, foreground, _unasked)
    assert "on a wooden table" in done.steps[-1].what
    assert (done.photo.min(axis=2) > 235).mean() < 0.003, "no white of the old background"


def _unasked(*_: object) -> Any:
    raise AssertionError("nothing is enlarged or parsed here")
