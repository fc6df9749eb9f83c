"""Shoes, bags, hats, scarves, belts and glasses: each lies where it is worn and goes with the right bones."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from bottega.models.studio.bodies.body import PARTS, body
from bottega.models.studio.bodies.poses import pose
from bottega.models.studio.bodies.skinning import follow, posed
from bottega.models.studio.garments.cloth import Cloth
from bottega.models.studio.garments.made import made
from bottega.names import BoolArray, FloatArray

RED = (200, 30, 30)


def piece(cut: str, body_name: str, *, kind: str = "") -> Cloth:
    image = Image.new("RGB", (240, 200), "white")
    mask = Image.new("1", (240, 200))
    for draw, inside, outside in ((ImageDraw.Draw(image), RED, "white"), (ImageDraw.Draw(mask), 1, 0)):
        if cut == "shoes":
            draw.polygon([(20, 80), (90, 80), (140, 120), (215, 135), (220, 165), (20, 165)], fill=inside)
        elif cut == "bag":
            draw.rectangle((60, 80, 180, 170), fill=inside)
            draw.arc((85, 20, 155, 140), 180, 360, fill=inside, width=8)
        elif cut == "hat":
            draw.pieslice((50, 40, 190, 200), 180, 360, fill=inside)
        elif cut == "scarf":
            draw.ellipse((70, 10, 170, 100), fill=inside)
            draw.ellipse((95, 25, 145, 75), fill=outside)
            draw.rectangle((100, 80, 145, 190), fill=inside)
        elif cut == "belt":
            draw.ellipse((20, 60, 220, 140), fill=inside)
            draw.ellipse((40, 60, 200, 118), fill=outside)
        else:
            draw.rounded_rectangle((30, 80, 110, 120), 12, fill=inside)
            draw.rounded_rectangle((130, 80, 210, 120), 12, fill=inside)
            draw.rectangle((105, 88, 135, 94), fill=inside)
    covered: BoolArray = np.asarray(mask)
    photo: NDArray[np.uint8] = np.array(image)
    return made(photo, covered, cut, body_name, kind=kind)


def part(body_name: str, *names: str) -> FloatArray:
    mesh = body(body_name)
    return mesh.vertices[np.isin(mesh.vertex_parts, [PARTS.index(name) for name in names])]


@pytest.mark.parametrize("cut", ["shoes", "bag", "hat", "scarf", "belt", "glasses"])
@pytest.mark.parametrize("body_name", ["woman_24", "man_36_large", "boy_5"])
def test_a_thing_is_whole_cloth(cut: str, body_name: str) -> None:
    cloth = piece(cut, body_name)
    count = len(cloth.vertices)
    assert cloth.cut == cut and cloth.faces.min() == 0 and cloth.faces.max() == count - 1
    assert np.isfinite(cloth.vertices).all() and np.allclose(cloth.weights.sum(1), 1, atol=1e-4)
    assert (cloth.places >= 0).all() and (cloth.places <= 1).all() and len(cloth.places) == count
    assert {0.0, 1.0} == set(np.unique(cloth.guessed))
    back = cloth.guessed == 1
    assert (cloth.places[back, 0] >= 0.5).all() and (cloth.places[~back, 0] <= 0.5).all()


def test_both_feet_are_shod_alike_and_longer_than_they_are() -> None:
    cloth = piece("shoes", "woman_24")
    left = cloth.vertices[:, 0] > 0
    assert abs(int(left.sum()) - int((~left).sum())) == 0
    for side, name in ((left, "left_foot"), (~left, "right_foot")):
        foot = part("woman_24", name)
        assert cloth.vertices[side, 1].min() < foot[:, 1].min() and cloth.vertices[side, 1].max() > foot[:, 1].max()
        assert abs(cloth.vertices[side, 2].min() - foot[:, 2].min()) < 0.015


def test_the_outer_side_of_a_shoe_shows_the_photo() -> None:
    cloth = piece("shoes", "woman_24")
    right = cloth.vertices[:, 0] < 0
    seen, guessed = right & (cloth.guessed == 0), right & (cloth.guessed == 1)
    assert cloth.vertices[seen, 0].mean() < cloth.vertices[guessed, 0].mean()


def test_hats_and_glasses_go_with_the_head() -> None:
    for cut in ("hat", "glasses"):
        cloth = piece(cut, "man_24")
        assert (cloth.bones == body("man_24").bones.index("head")).all()
    eyes = part("man_24", "eyes")
    assert abs(piece("glasses", "man_24").vertices[:, 2].mean() - eyes[:, 2].mean()) < 0.02
    assert piece("glasses", "man_24").vertices[:, 1].max() < part("man_24", "head")[:, 1].max() - 0.08
    hat = piece("hat", "man_24").vertices
    assert hat[:, 2].min() > eyes[:, 2].max() and hat[:, 2].max() > part("man_24", "head")[:, 2].max()


def test_a_belt_goes_all_round_the_waist() -> None:
    cloth = piece("belt", "man_36_large")
    waist = part("man_36_large", "waist")
    band = cloth.vertices[:, 2]
    assert np.ptp(band) < 0.06 and waist[:, 2].min() < band.mean() < waist[:, 2].max()
    angles = np.degrees(np.arctan2(cloth.vertices[:, 1] - waist[:, 1].mean(), cloth.vertices[:, 0]))
    assert np.diff(np.unique(np.round(angles))).max() < 20


def test_a_backpack_is_behind_and_a_handbag_upright_beside_the_hanging_arm() -> None:
    mesh = body("woman_24")
    back = piece("bag", "woman_24", kind="kind.backpack")
    assert back.vertices[:, 1].mean() > part("woman_24", "chest")[:, 1].max()
    hand = piece("bag", "woman_24")
    person = posed(mesh, pose("standing"))
    there = follow(hand.vertices, hand.bones, hand.weights, mesh.heads, person.stance)
    knuckles = person.stance.heads[mesh.bones.index("finger3-2.L")]
    assert abs(there[:, 2].max() - knuckles[2]) < 0.04
    body_of_bag = there[there[:, 2] < knuckles[2] - 0.15]
    assert abs(body_of_bag[:, 0].mean() - knuckles[0]) < 0.05


def test_a_scarf_lies_on_neck_and_chest() -> None:
    cloth = piece("scarf", "woman_24")
    assert cloth.vertices[:, 2].max() > part("woman_24", "neck")[:, 2].min()
    tail = cloth.vertices[:, 2] < part("woman_24", "chest")[:, 2].max() - 0.1
    assert cloth.vertices[tail, 1].max() < 0.05


def test_the_ends_of_a_scarf_are_no_wider_than_they_are_cut() -> None:
    cloth = piece("scarf", "man_36_large")
    # Of the photo, the loop is 100 pixels wide and the end 45.
    whole = np.ptp(cloth.vertices[:, 0])
    end = cloth.vertices[:, 2] < cloth.vertices[:, 2].min() + 0.3 * np.ptp(cloth.vertices[:, 2])
    assert abs(np.ptp(cloth.vertices[end, 0]) / whole - 0.45) < 0.06
