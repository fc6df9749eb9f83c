"""Both networks: what they learn in seconds, that they are saved whole, and what ships."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from tests.models.studio.turntable.made import ball_mask, striped

from bottega.errors import ModelFileBroken
from bottega.models.blocks.cards import read_card
from bottega.models.blocks.shipped import shipped_folder
from bottega.models.studio.turntable.framing import framed
from bottega.models.studio.turntable.made_kinds import HELD_OUT
from bottega.models.studio.turntable.network import NetworkShape
from bottega.models.studio.turntable.product_turn import product_turn
from bottega.models.studio.turntable.recipe import train_turntable
from bottega.models.studio.turntable.shapes_by_kind import ShapeKind
from bottega.models.studio.turntable.trusted import MOST_ERROR
from bottega.models.studio.turntable.turntable import Turntable

SMALL = NetworkShape(widths=(8, 8, 8))


def test_what_is_trained_is_saved_whole_and_says_the_same(tmp_path: Path) -> None:
    made = train_turntable(
        tmp_path / "kept", version="t-1", seconds=(0.3, 0.3), things=(12, 6, 6), shape=SMALL, device="cpu"
    )
    assert set(made.config.trust.margins) == set(get_args(ShapeKind)) and all(made.config.trust.margins.values())
    made.save(tmp_path)
    again = Turntable.load(tmp_path)
    assert again.config == made.config
    photo = framed(striped(), ball_mask())
    made.networks.half().float()  # as weights are kept
    before, after = (product_turn(photo, "learnt", one).draw(25.0, 48) for one in (made, again))
    assert before.picture == pytest.approx(after.picture, abs=1e-5)
    (tmp_path / "arrays.npz").write_bytes(b"")
    with pytest.raises(ModelFileBroken):
        Turntable.load(tmp_path)


@pytest.fixture(scope="module")
def shipped() -> Turntable:
    found = Turntable.shipped()
    assert found is not None
    return found


def test_what_ships_is_small_and_carded() -> None:
    folder = shipped_folder("studio", "turntable")
    assert sum(path.stat().st_size for path in folder.iterdir()) < 6_000_000
    card = read_card(folder)
    assert card["split"]["kinds_held_out"] == list(HELD_OUT) and "No photo" in card["trained_on"]["made-up things"]
    assert {"gain_db_10", "gain_db_20", "gain_db_30", "trusted_right"} <= card["bars"].keys()


def test_what_ships_tells_a_ball_from_a_plate(shipped: Turntable) -> None:
    """Shading says which of two discs is round."""
    px = 160
    at = (np.arange(px) + 0.5) / px - 0.5
    x, y = np.meshgrid(at, at)
    z = np.sqrt(np.maximum(0.16 - x**2 - y**2, 0)) / 0.4
    light = np.clip(0.35 + 0.65 * (0.75 * z - 0.9 * x - 1.1 * y), 0.05, 1)
    photo = (np.array([220, 120, 40]) * light[..., None]).astype(np.uint8)
    turn = product_turn(framed(photo, ball_mask()), "learnt", shipped)
    thick = (turn.coarse.back - turn.coarse.front)[turn.coarse.inside]
    middle = (turn.coarse.back - turn.coarse.front)[28:36, 28:36].mean()
    assert middle > 0.3 and middle > 1.2 * thick.mean(), "thickest in its middle, and about as thick as it is wide"


def test_trust_ends_where_errors_are_expected(shipped: Turntable) -> None:
    turn = product_turn(framed(striped(), ball_mask()), "learnt", shipped)
    assert turn.error_at(50.0) > turn.error_at(5.0)
    reach, most = turn.trusted_to, turn.most_error
    if reach:
        assert max(turn.error_at(reach), turn.error_at(-reach)) <= most
    else:
        assert max(turn.error_at(5.0), turn.error_at(-5.0)) > most


def test_a_pale_thing_may_differ_less() -> None:
    """What fades into white is small a difference, and all of the thing."""
    red, pale = (
        product_turn(framed(np.full((160, 160, 3), colour, np.uint8), ball_mask()), "learnt", None)
        for colour in ((200, 30, 30), (235, 235, 240))
    )
    assert red.most_error == MOST_ERROR and pale.most_error == pytest.approx(0.5 * (1 - 236.7 / 255), abs=0.01)
