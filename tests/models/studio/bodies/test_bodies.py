"""Bodies: closed, alike on both sides, as tall as they say; poses that stand; key points that lie inside."""

from __future__ import annotations

import socket
from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial import cKDTree

from bottega.errors import RequestInvalid
from bottega.models.studio.bodies.appearance import Appearance, light_of
from bottega.models.studio.bodies.body import FOLDER, PARTS, body, body_names, build
from bottega.models.studio.bodies.figure import KEY_POINTS, Figure, figure
from bottega.models.studio.bodies.hair import HAIR
from bottega.models.studio.bodies.poses import Pose, pose, pose_names
from bottega.models.studio.bodies.raster import rasterised
from bottega.models.studio.bodies.scene import LABELS, base_layer
from bottega.models.studio.bodies.skeleton import rotation, stance
from bottega.models.studio.bodies.skinning import follow, posed

SMALL = (192, 256)
STANDING = [name for name in pose_names() if pose(name).left_leg.thigh is None and pose(name).right_leg.thigh is None]
SOME = ("woman_28", "man_36_large", "girl_5")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("Something reached for the network.")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def drawn(name: str, pose_name: str, **how: object) -> Figure:
    return figure(name, Appearance(), pose_name, size=SMALL, **how)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", body_names())
def test_a_body_is_closed_and_has_the_figures_that_it_says(name: str) -> None:
    mesh, known = body(name), build(name)
    edges = np.sort(np.concatenate([mesh.faces[:, [0, 1]], mesh.faces[:, [1, 2]], mesh.faces[:, [2, 0]]]), axis=1)
    assert set(np.unique(edges, axis=0, return_counts=True)[1]) == {2}
    assert np.ptp(mesh.vertices[:, 2]) * 100 == pytest.approx(known.height_cm, abs=0.1)
    assert abs(mesh.vertices[:, 2].min()) < 1e-3
    # Outwards, and as heavy as it says at the density that it names.
    assert mesh.volume * 980 == pytest.approx(known.mass_kg, abs=0.1)
    assert known.waist_cm < known.hips_cm + 20
    assert known.grown == (known.years >= 18) == (not name.startswith(("girl", "boy")))


@pytest.mark.parametrize("name", SOME)
def test_both_sides_of_a_body_are_alike(name: str) -> None:
    mesh = body(name)
    mirrored = mesh.vertices * np.array([-1, 1, 1], np.float32)
    far, other = cKDTree(mesh.vertices).query(mirrored)
    assert np.max(far) < 0.002
    swapped = [part.replace("left", "?").replace("right", "left").replace("?", "right") for part in PARTS]
    same = np.array([PARTS.index(part) for part in swapped])[mesh.vertex_parts] == mesh.vertex_parts[other]
    assert same.mean() > 0.99


def test_weights_are_shares_and_every_part_is_there() -> None:
    mesh = body("woman_28")
    assert np.allclose(mesh.vertex_weights.sum(1), 1, atol=1e-5) and mesh.vertex_weights.min() >= 0
    assert set(np.unique(mesh.vertex_parts)) == set(range(len(PARTS)))
    assert all(parent < at for at, parent in enumerate(mesh.parents))
    assert (FOLDER / "bodies.npz").stat().st_size < 10_000_000


def test_skin_follows_one_bone_as_if_it_hung_there() -> None:
    mesh = body("man_24")
    bones = stance(mesh, pose("waving"))
    at = mesh.bones.index("lowerarm02.R")
    point = mesh.heads[at] + np.array([[0.03, 0.01, -0.02]], np.float32)
    moved = follow(point, np.array([[at]], np.uint8), np.ones((1, 1), np.float32), mesh.heads, bones)
    by_hand = bones.turns[at] @ (point[0] - mesh.heads[at]) + bones.heads[at]
    assert np.allclose(moved[0], by_hand, atol=1e-5)


def test_a_turn_is_right_handed_and_keeps_lengths() -> None:
    turn = rotation(np.array([0.0, 0, 2.0]), 90)
    assert np.allclose(turn @ [1, 0, 0], [0, 1, 0]) and np.allclose(turn @ turn.T, np.eye(3))


@pytest.mark.parametrize("name", pose_names())
def test_a_pose_turns_bones_without_stretching_them_and_stands_on_the_floor(name: str) -> None:
    for of in SOME:
        mesh = body(of)
        person = posed(mesh, pose(name))
        turns = person.stance.turns.astype(np.float64)
        assert np.allclose(turns @ turns.transpose(0, 2, 1), np.eye(3), atol=1e-4)
        assert np.allclose(np.linalg.det(turns), 1, atol=1e-4)
        own = np.arange(1, len(mesh.bones))
        was, now = (
            np.linalg.norm((at[own] - at[mesh.parents[own]]), axis=1) for at in (mesh.heads, person.stance.heads)
        )
        assert np.allclose(was, now, atol=1e-4)
        assert abs(person.vertices[:, 2].min()) < 1e-6
        assert np.isfinite(person.vertices).all()
        assert abs(replace(mesh, vertices=person.vertices).volume / mesh.volume - 1) < 0.12


@pytest.mark.parametrize("name", STANDING)
def test_standing_feet_stand_where_the_pose_says(name: str) -> None:
    mesh = body("woman_28")
    person = posed(mesh, pose(name))
    for side in ("left", "right"):
        foot = person.vertices[mesh.vertex_parts == PARTS.index(f"{side}_foot")]
        assert foot[:, 2].min() < 0.015


def test_arms_point_where_they_are_told() -> None:
    mesh = body("man_24")
    person = posed(mesh, pose("t_pose"))
    at = {bone: person.stance.heads[mesh.bones.index(bone)] for bone in mesh.bones}
    assert abs(at["wrist.L"][2] - at["upperarm01.L"][2]) < 0.05 and at["wrist.L"][0] > 0.5 > -0.5 > at["wrist.R"][0]
    up = posed(mesh, pose("arms_up"))
    top = up.vertices[mesh.vertex_parts == PARTS.index("head"), 2].max()
    assert up.stance.heads[mesh.bones.index("wrist.L"), 2] > top


def test_who_sits_sits_on_the_block() -> None:
    found = drawn("woman_28", "seated")
    assert 0.3 < found.posed.seat_m < 0.6 and found.mask("seat").any()
    assert not drawn("woman_28", "standing").mask("seat").any()


def test_what_is_nearer_hides_what_is_behind() -> None:
    seen = np.array([[0, 0], [40, 0], [0, 40], [40, 40]] * 2, np.float32)
    nearness = np.array([1, 1, 1, 1, 2, 2, 0.5, 0.5], np.float32)  # the second sheet leans through the first
    faces = np.array([[0, 1, 2], [1, 3, 2], [4, 5, 6], [5, 7, 6]], np.int32)
    face, near = rasterised(seen, nearness, faces, np.ones(4, np.bool_), 40, 40)
    assert (face[:24] >= 2).all() and (face[28:] < 2).all()
    assert near.min() == 1 and near[0, 0] == pytest.approx(2, abs=0.03)
    turned_away, _ = rasterised(seen, nearness, faces, np.zeros(4, np.bool_), 40, 40)
    assert (turned_away == -1).all()


@pytest.mark.parametrize("pose_name", ["standing", "arms_crossed", "walking_left", "seated", "from_behind"])
def test_key_points_lie_inside_the_silhouette(pose_name: str) -> None:
    for name in SOME:
        found = drawn(name, pose_name)
        assert tuple(point.name for point in found.key_points) == KEY_POINTS
        near = found.alpha > 0
        near[1:] |= near[:-1]  # the top of the head lies on the edge
        near[:-1] |= near[1:]
        for point in found.key_points:
            assert near[int(point.y), int(point.x)], (name, pose_name, point)


def test_a_key_point_behind_something_is_not_visible() -> None:
    front = {point.name: point for point in drawn("man_24", "standing").key_points}
    assert all(point.visible for point in front.values())
    assert front["left_wrist"].x > front["right_wrist"].x
    behind = {point.name: point.visible for point in drawn("man_24", "hands_behind").key_points}
    assert not behind["left_wrist"] and not behind["right_wrist"] and behind["left_knee"]
    side = {point.name: point.visible for point in drawn("man_24", "side_left").key_points}
    assert side["left_elbow"] and not side["right_elbow"]


def test_the_left_side_is_the_persons_own() -> None:
    found = drawn("woman_28", "standing")
    columns = [np.nonzero(found.mask(f"{side}_hand"))[1].mean() for side in ("left", "right")]
    assert columns[0] > SMALL[0] / 2 > columns[1]
    assert (
        drawn("woman_28", "side_left").mask("left_hand").sum() > drawn("woman_28", "side_left").mask("right_hand").sum()
    )


def test_layers_agree_with_one_another() -> None:
    found = drawn("man_24", "hand_on_hip")
    seen = found.mask()
    assert np.isfinite(found.layers.depth_m[seen]).all() and np.isinf(found.layers.depth_m[~seen]).all()
    assert np.allclose(np.linalg.norm(found.layers.normal[seen], axis=1), 1, atol=1e-3)
    assert (found.alpha[seen] > 0).all() and found.alpha[0, 0] == 0
    towards = found.layers.normal[seen] @ found.layers.camera.ahead
    assert (towards < 0.3).all()


def test_the_same_request_gives_the_same_picture_and_another_turn_another() -> None:
    one, two = drawn("woman_35_large", "strolling"), drawn("woman_35_large", "strolling")
    assert one.photo.tobytes() == two.photo.tobytes() and one.key_points == two.key_points
    assert one.photo.tobytes() != drawn("woman_35_large", "strolling", around=30.0).photo.tobytes()


def test_crops() -> None:
    chin = drawn("woman_28", "standing", crop="chin")
    top = next(point for point in chin.key_points if point.name == "head_top")
    assert top.y < 0 and not top.visible and not chin.mask("eyes").any()
    assert not drawn("woman_28", "standing", crop="upper").mask("left_foot", "left_shin").any()
    with pytest.raises(RequestInvalid, match=r"full, chin, upper"):
        drawn("woman_28", "standing", crop="feet")


@pytest.mark.parametrize("name", body_names())
def test_no_body_is_bare_and_the_young_wear_more(name: str) -> None:
    mesh = body(name)
    covered = base_layer(mesh) > 0
    parts = mesh.vertex_parts
    for part in ("waist", "hips"):
        assert covered[parts == PARTS.index(part)].all()
    chest = parts == PARTS.index("chest")
    low = mesh.vertices[:, 2] < mesh.heads[mesh.bones.index("clavicle.L"), 2] - 0.02 * mesh.build.height_cm / 100
    assert covered[chest & low].all()
    thigh = np.isin(parts, [PARTS.index("left_thigh"), PARTS.index("right_thigh")])
    assert (covered[thigh].mean() > 0.5) == (not build(name).grown)
    assert not covered[parts == PARTS.index("head")].any()


@pytest.mark.parametrize("style", [*HAIR, "none"])
def test_hair_sits_on_every_head_and_leaves_the_face(style: str) -> None:
    for name in SOME:
        found = figure(name, Appearance(hair=style), "standing", size=SMALL)
        assert found.mask("hair").any() == (style != "none")
        eyes = figure(name, Appearance(hair="none"), "standing", size=(384, 512)).mask("eyes").sum()
        assert figure(name, Appearance(hair=style), "standing", size=(384, 512)).mask("eyes").sum() >= 0.6 * eyes


def test_names_that_are_none_are_refused_with_those_that_are() -> None:
    for ask, shown in (
        (lambda: body("nobody"), "woman_28"),
        (lambda: pose("flying"), "standing"),
        (lambda: figure("woman_28", Appearance(hair="beard"), "standing"), "ponytail"),
        (lambda: light_of("purple-ish"), "monk_5"),
    ):
        with pytest.raises(RequestInvalid) as refused:
            ask()
        assert shown in str(refused.value)


def test_there_are_poses_enough_of_each_kind() -> None:
    every: list[Pose] = [pose(name) for name in pose_names()]
    assert len(every) >= 24
    assert {one.kind for one in every} == {"standing", "walking", "turning", "seated", "arms up", "bending"}
    assert len(LABELS) == len(set(LABELS)) == len(PARTS) + 2
