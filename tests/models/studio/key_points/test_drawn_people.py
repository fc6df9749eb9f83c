"""Drawn people: their maps say what they wear, their points lie on them, and a parser's slips move both alike."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from bottega.datasets.photos.masks import PARTS
from bottega.models.studio.bodies.body import body, body_names, build
from bottega.models.studio.bodies.figure import KEY_POINTS
from bottega.models.studio.bodies.poses import pose, pose_names
from bottega.models.studio.key_points.clothes import Clothes, body_labels
from bottega.models.studio.key_points.drawn_people import DRAWN_SIZE, OUTSIDE, draw_people, draw_person
from bottega.models.studio.key_points.drawn_poses import drawn_pose
from bottega.models.studio.key_points.recipe import HELD_BODIES, HELD_POSES, LEARNT_BODIES, LEARNT_POSES
from bottega.models.studio.key_points.seen import PLANES, planes_of
from bottega.models.studio.key_points.slips import MIRRORED, slipped, spoilt


def test_seen_points_lie_on_the_person_and_within_the_photo() -> None:
    rng = np.random.default_rng(3)
    for _ in range(12):
        one = draw_person(str(rng.choice(body_names()[:4])), drawn_pose(pose_names(), rng), rng=rng)
        assert one.labels.shape == DRAWN_SIZE[::-1]
        assert not (one.visible & ~one.inside).any()
        crown = KEY_POINTS.index("head_top")
        for row, (x, y) in enumerate(one.points):
            if one.visible[row] and row != crown:  # the top of the head lies on its edge
                assert one.labels[int(y), int(x)] not in (0, OUTSIDE), KEY_POINTS[row]


def test_the_same_seed_draws_the_same_people() -> None:
    first, again = (draw_people(3, body_names()[:2], pose_names(), rng=np.random.default_rng(5)) for _ in range(2))
    assert np.array_equal(first.labels, again.labels) and np.array_equal(first.points, again.points)


def test_a_person_unbent_in_a_known_pose_has_head_over_feet() -> None:
    rng = np.random.default_rng(0)
    whole = [draw_person("woman_24", pose("standing"), rng=rng) for _ in range(10)]
    whole = [one for one in whole if one.inside.all()]
    assert whole
    for one in whole:
        at = dict(zip(KEY_POINTS, one.points, strict=True))
        assert at["head_top"][1] < at["thorax"][1] < at["pelvis"][1] < at["left_knee"][1] < at["left_ankle"][1]
        tall = at["left_ankle"][1] - at["head_top"][1]
        assert 0.8 * one.height_px < tall < 1.15 * one.height_px


def test_who_is_under_18_is_covered_to_elbows_and_knees() -> None:
    rng = np.random.default_rng(1)
    child = next(name for name in body_names() if not build(name).grown)
    assert child
    for _ in range(50):
        worn = Clothes.drawn(rng, grown=False)
        assert worn.hem >= 1 and worn.sleeve >= 1 and worn.strapless > 1


def test_clothes_end_where_they_are_told_to() -> None:
    mesh, rng = body("man_24"), np.random.default_rng(0)
    outfit = Clothes.drawn(rng)
    plain = replace(
        outfit, one_piece=False, skirt=False, hem=2.05, waist=0.2, sleeve=-1.0, strapless=2.0, outer=False, shoe=0.1
    )
    bare_arms = body_labels(mesh, plain)
    sleeves = body_labels(mesh, replace(plain, sleeve=2.1))
    skin, upper = PARTS.index("skin"), PARTS.index("upper")
    gained = (bare_arms == skin) & (sleeves == upper)
    assert gained.sum() > 1000
    assert {"shoes", "lower", "upper", "skin"} <= {PARTS[code] for code in np.unique(sleeves)}


def test_slips_move_points_with_the_map_and_mirror_their_sides() -> None:
    labels = np.zeros((1, *DRAWN_SIZE[::-1]), np.uint8)
    labels[0, 100:112, 40:52] = PARTS.index("upper")
    points = np.full((1, 16, 2), 46.0, np.float32)
    points[..., 1] = 106
    left, right = KEY_POINTS.index("left_wrist"), KEY_POINTS.index("right_wrist")
    points[0, left] = (150, 30)
    seen = {True: 0, False: 0}
    for seed in range(24):
        spoiled, moved, mirrored = slipped(
            torch.from_numpy(labels), torch.from_numpy(points), torch.Generator().manual_seed(seed)
        )
        x, y = moved[0, KEY_POINTS.index("pelvis")].tolist()
        window = spoiled[0, int(y) - 4 : int(y) + 5, int(x) - 4 : int(x) + 5]
        assert (window != 0).float().mean() > 0.5
        way = bool(mirrored[0])
        seen[way] += 1
        assert abs(moved[0, right if way else left, 1].item() - 30) < 20
    assert min(seen.values()) > 3
    assert tuple(MIRRORED[one] for one in MIRRORED) == tuple(range(16))


def test_spoilt_people_keep_who_is_seen_on_the_right_side() -> None:
    people = draw_people(8, body_names()[:2], pose_names(), rng=np.random.default_rng(2))
    found = spoilt(people, seed=0)
    assert np.array_equal(found.visible.sum(1), people.visible.sum(1))
    assert not np.array_equal(found.labels, people.labels)


def test_planes_are_shares_of_the_parts() -> None:
    labels = torch.zeros(1, 256, 192, dtype=torch.uint8)
    labels[0, :, :96] = PARTS.index("hair")
    labels[0, :2] = OUTSIDE
    planes = planes_of(labels)
    assert planes.shape == (1, PLANES, 128, 96)
    assert torch.allclose(planes.sum(1), torch.ones(1, 128, 96))
    assert planes[0, PLANES - 1, 0].eq(1).all() and planes[0, PARTS.index("hair"), 1:, :48].eq(1).all()


@pytest.mark.parametrize(("held", "learnt"), [(HELD_BODIES, LEARNT_BODIES), (HELD_POSES, LEARNT_POSES)])
def test_what_is_judged_by_is_not_learnt_from(held: tuple[str, ...], learnt: tuple[str, ...]) -> None:
    assert not set(held) & set(learnt) and held and learnt
    assert set(held) | set(learnt) in (set(body_names()), set(pose_names()))


def test_things_are_nobody_and_who_stands_beside_covers_no_one() -> None:
    bodies, rng = body_names()[:2], np.random.default_rng(6)
    things = draw_people(6, bodies, pose_names(), rng=rng, things=1.0)
    assert not things.inside.any() and not things.visible.any()
    assert all((labels > 0).mean() > 0.01 for labels in things.labels)
    alone = draw_people(5, bodies, pose_names(), rng=np.random.default_rng(7))
    rng = np.random.default_rng(7)
    first = draw_people(1, bodies, pose_names(), rng=rng, beside=1.0)
    assert np.array_equal(first.labels[0], alone.labels[0]), "the first has nobody to stand beside"
    company = draw_people(12, bodies, pose_names(), rng=np.random.default_rng(8), beside=1.0)
    for row in range(1, 12):
        seen = company.visible[row]
        seen[KEY_POINTS.index("head_top")] = False
        x, y = np.floor(company.points[row][seen]).astype(int).T
        assert (company.labels[row][y, x] > 0).all()
