"""The shipped reader: its card, held-out drawn people, refusals; the fit: a known body found again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bottega.datasets.photos.masks import PARTS
from bottega.errors import ModelFileBroken, PhotoRefused, RequestInvalid
from bottega.evaluation.key_points_judged import FITS, fits_at, judge_drawn, template
from bottega.models.blocks.cards import read_card
from bottega.models.blocks.shipped import shipped_folder
from bottega.models.studio.bodies.figure import KEY_POINTS
from bottega.models.studio.bodies.poses import pose
from bottega.models.studio.key_points.drawn_people import OUTSIDE, draw_people, draw_person
from bottega.models.studio.key_points.fit import fit_body
from bottega.models.studio.key_points.key_points import FoundPoint, KeyPointReader, SomebodySeen
from bottega.models.studio.key_points.recipe import HELD_BODIES, HELD_POSES
from bottega.models.studio.key_points.slips import spoilt
from bottega.names import BoolArray


@pytest.fixture(scope="module")
def reader() -> KeyPointReader:
    return KeyPointReader.shipped()


def test_the_card_is_of_these_weights(reader: KeyPointReader) -> None:
    folder = shipped_folder("studio", "key_points")
    card = read_card(folder)
    assert card["version"] == reader.version
    assert card["split"]["held_out_bodies"] == list(HELD_BODIES)
    assert (folder / "arrays.npz").stat().st_size < 3_200_000


def test_bodies_and_poses_never_learnt_are_read(reader: KeyPointReader) -> None:
    people = draw_people(24, HELD_BODIES[:3], HELD_POSES, rng=np.random.default_rng(40))
    found = judge_drawn(reader, spoilt(people, seed=1))
    assert found["refused"] <= 2
    assert found["mean_error"] < 0.06
    assert found["mean_error_seen"] < found["mean_error_hidden"]


def test_a_larger_photo_and_a_place_in_it_move_the_points_along(reader: KeyPointReader) -> None:
    person = _standing()
    found = reader.read(person)
    moved = np.zeros((600, 700), np.uint8)
    moved[60 : 60 + 2 * person.shape[0], 100 : 100 + 2 * person.shape[1]] = np.kron(person, np.ones((2, 2), np.uint8))
    again = reader.read(moved)
    assert again.mask.shape == moved.shape
    for one, other in zip(found.points, again.points, strict=True):
        assert abs(2 * one.x + 100 - other.x) < 8 and abs(2 * one.y + 60 - other.y) < 8, one.name


def test_a_mirrored_photo_has_the_other_side(reader: KeyPointReader) -> None:
    person = _standing()
    found, mirrored = reader.read(person), reader.read(np.ascontiguousarray(person[:, ::-1]))
    assert abs((person.shape[1] - found["left_wrist"].x) - mirrored["right_wrist"].x) < 4
    assert found["left_wrist"].name == "left_wrist"


@pytest.mark.parametrize(
    ("labels", "says"),
    [
        (np.zeros((90, 60), np.uint8), "nothing but background"),
        (np.pad(np.full((50, 40), PARTS.index("upper"), np.uint8), 20), "next to no skin or hair"),
    ],
)
def test_who_is_not_there_is_refused_in_words(reader: KeyPointReader, labels: np.ndarray, says: str) -> None:
    with pytest.raises(PhotoRefused, match=says) as refusal:
        reader.read(labels)
    assert "Send a photo of one person" in str(refusal.value)


def test_saved_and_loaded_it_reads_the_same(reader: KeyPointReader, tmp_path: Path) -> None:
    reader.save(tmp_path)
    person = _standing()
    assert KeyPointReader.load(tmp_path).read(person).points == reader.read(person).points
    (tmp_path / "model.json").write_text("{}")
    with pytest.raises(ModelFileBroken):
        KeyPointReader.load(tmp_path)


def test_a_body_is_found_again_where_it_stands() -> None:
    rng = np.random.default_rng(4)
    drawn = next(
        one for one in (draw_person("man_24", pose("hand_on_hip"), rng=rng) for _ in range(40)) if one.inside.all()
    )
    somebody = _known(drawn.points, drawn.labels % OUTSIDE != 0)
    fitted = fit_body(somebody, bodies=("woman_30_short", "man_24"))
    assert fitted.away < 0.01
    assert abs(fitted.height_px / drawn.height_px - 1) < 0.12
    assert fitted.camera.size == (drawn.labels.shape[1], drawn.labels.shape[0])
    assert np.linalg.norm(fitted.points - drawn.points, axis=1).max() < 0.05 * drawn.height_px


def test_too_few_joints_are_refused_and_unknown_bodies_named() -> None:
    points, mask = np.zeros((16, 2), np.float32), np.ones((20, 20), np.bool_)
    with pytest.raises(PhotoRefused, match="Only 0 of 16 joints"):
        fit_body(_known(points, mask, confidence=0.1))
    with pytest.raises(RequestInvalid, match="No body is called"):
        fit_body(_known(np.random.default_rng(0).random((16, 2)) * 20, mask), bodies=("giant",))


def test_each_point_has_labels_that_fit_it_and_background_fits_none() -> None:
    assert set(FITS) == set(KEY_POINTS)
    assert all("null" not in labels and "bag" not in labels for labels in FITS.values())
    names = ("null", "shoes")
    labels = np.zeros((40, 40), np.uint8)
    labels[30:] = 1
    points = np.full((16, 2), 5.0, np.float32)
    ankle = KEY_POINTS.index("left_ankle")
    points[ankle] = (5, 35)
    found = fits_at(points, labels, names)
    assert found[ankle] and found.sum() == 1


def test_the_template_stands_upright_in_its_box() -> None:
    found = dict(zip(KEY_POINTS, template(), strict=True))
    assert found["head_top"][1] < 0.02 and found["left_ankle"][1] > 0.9
    assert found["left_shoulder"][0] > found["right_shoulder"][0]


def _standing() -> np.ndarray:
    rng = np.random.default_rng(8)
    for _ in range(40):
        one = draw_person("woman_24", pose("standing"), rng=rng)
        if one.visible.all():
            return np.where(one.labels == OUTSIDE, 0, one.labels).astype(np.uint8)
    raise AssertionError("nobody stood whole")


def _known(points: np.ndarray, mask: BoolArray, confidence: float = 1.0) -> SomebodySeen:
    found = tuple(
        FoundPoint(name, float(x), float(y), confidence, True) for name, (x, y) in zip(KEY_POINTS, points, strict=True)
    )
    return SomebodySeen(found, mask)
