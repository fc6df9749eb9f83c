"""The sketch network that ships: its card, the colour that is asked for, and lines where lines were drawn."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw
from skimage.color import rgb2lab

from bottega.models.blocks.cards import read_card
from bottega.models.blocks.shipped import shipped_folder
from bottega.models.studio.sketch.sketch import PX, Sketcher, within_what_is_learnt
from bottega.names import BoolArray


def bag() -> BoolArray:
    canvas = Image.new("1", (PX, PX))
    draw = ImageDraw.Draw(canvas)
    draw.rectangle((14, 26, 50, 52), outline=1)
    draw.line((14, 34, 50, 34), fill=1)
    draw.arc((22, 10, 42, 42), 180, 360, fill=1)
    return np.asarray(canvas)


@pytest.fixture(scope="module")
def sketcher() -> Sketcher:
    found = Sketcher.shipped()
    assert found is not None
    return found


def test_the_card_is_of_these_weights_and_no_bar_is_missed(sketcher: Sketcher) -> None:
    card = read_card(shipped_folder("studio", "sketch"))
    assert card["version"] == sketcher.config.version
    assert {name: bar["met"] for name, bar in card["bars"].items()} == {
        "edge_f1_as_found": True,
        "edge_f1_by_hand": True,
        "kid_as_found": True,
        "kid_by_hand": True,
    }


@pytest.mark.parametrize("lab", [(40.0, 55.0, 35.0), (35.0, 15.0, -50.0), (45.0, -40.0, 30.0)])
def test_a_bag_has_the_colour_that_was_asked_within_its_lines(
    sketcher: Sketcher, lab: tuple[float, float, float]
) -> None:
    (picture,) = sketcher.draw(
        bag()[None].astype(np.float32), np.array([sketcher.types.index("Handbags") + 1]), np.array([lab], np.float32)
    )
    found = rgb2lab(picture[38:48, 20:44]).reshape(-1, 3).mean(0)
    asked, told = np.array(lab[1:]), found[1:]
    assert asked @ told > 0.8 * np.linalg.norm(asked) * np.linalg.norm(told), "the hue"
    assert np.linalg.norm(told) > 12, "and not grey"
    assert picture[:8].min() > 225 and picture[-8:].min() > 200, "the ground stays white"
    inside, outside = picture[38:48, 20:44].mean(), np.concatenate([picture[30:50, 2:8], picture[30:50, 56:62]]).mean()
    assert outside - inside > 60


def test_a_pure_colour_is_asked_for_as_strong_as_photos_are_and_does_not_bleed(sketcher: Sketcher) -> None:
    pure = np.array([[32.0, 30.0, -72.0], [50.0, 12.0, 9.0]], np.float32)
    blue, pale = within_what_is_learnt(pure)
    np.testing.assert_allclose(pale, pure[1])
    assert blue[0] == 32 and abs(blue[1] / blue[2] - 30 / -72) < 1e-5 and 40 < np.hypot(blue[1], blue[2]) < 50
    code, lines = np.array([sketcher.types.index("Handbags") + 1]), bag()[None].astype(np.float32)
    bled, clean = (sketcher.draw(lines, code, lab[None])[0] for lab in (pure[0], blue))
    ground = np.s_[8:24, 2:20]  # beside the handle
    assert clean[ground].mean() > bled[ground].mean()
