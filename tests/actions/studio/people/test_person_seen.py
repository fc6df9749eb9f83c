"""The person in a photo: a large photo is looked at small, and what is found lies in its own pixels."""

from __future__ import annotations

import numpy as np
import pytest

from bottega.actions.studio.people.person_seen import LOOK_PX, person_seen
from bottega.datasets.photos.masks import LabelMap
from bottega.datasets.photos.reading import Photo
from bottega.errors import PhotoRefused
from bottega.models.studio.bodies.figure import KEY_POINTS
from bottega.models.studio.bodies.poses import pose
from bottega.models.studio.key_points.drawn_people import OUTSIDE, draw_person
from bottega.models.studio.key_points.key_points import KeyPointReader


def test_points_and_parts_are_those_of_the_photo_that_was_given() -> None:
    rng = np.random.default_rng(8)
    drawn = next(
        one for one in (draw_person("woman_24", pose("standing"), rng=rng) for _ in range(40)) if one.visible.all()
    )
    labels = np.where(drawn.labels == OUTSIDE, 0, drawn.labels).astype(np.uint8)
    looked_at: list[tuple[int, ...]] = []

    def parse(photo: Photo) -> LabelMap:
        looked_at.append(photo.shape)
        step = photo.shape[0] / labels.shape[0]
        rows, columns = (
            np.minimum((np.arange(n) / step).astype(int), m - 1)
            for n, m in zip(photo.shape, labels.shape, strict=False)
        )
        return np.asarray(labels[rows[:, None], columns[None]], np.uint8)

    photo = np.zeros((labels.shape[0] * 6, labels.shape[1] * 6, 3), np.uint8)
    found = person_seen(photo, parse, KeyPointReader.shipped())
    assert max(looked_at[0][:2]) == LOOK_PX
    assert found.labels.shape == found.somebody.mask.shape == photo.shape[:2]
    away = np.array(
        [
            np.hypot(*(np.array([one.x, one.y]) / 6 - true)) / drawn.height_px
            for one, true in zip(found.somebody.points, drawn.points, strict=True)
        ]
    )
    assert np.median(away) < 0.04
    assert found.somebody["left_knee"].name == "left_knee" and len(found.somebody.points) == len(KEY_POINTS)
    fitted = found.fitted(("woman_24",))
    assert fitted.camera.size == (photo.shape[1], photo.shape[0])
    assert abs(fitted.height_px / (6 * drawn.height_px) - 1) < 0.2
    assert fitted.outline_iou > 0.4


def test_an_empty_photo_is_refused() -> None:
    with pytest.raises(PhotoRefused, match="No person is found"):
        person_seen(
            np.zeros((90, 60, 3), np.uint8), lambda photo: np.zeros((90, 60), np.uint8), KeyPointReader.shipped()
        )
