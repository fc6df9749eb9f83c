"""Recipes: what was not asked for is as usual, a turn changes what it names, and the noise stays or does not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from tests.models.studio.products.drawing import NAMES, generator, usual

from bottega.datasets.photos.asked import AskedPictures
from bottega.datasets.photos.small_photos import SmallPhotos
from bottega.models.studio.products.generator import ProductGenerator
from bottega.models.studio.products.turns import (
    AskedProduct,
    PictureRecipe,
    Steering,
    first_recipes,
    merged,
    next_recipes,
)
from bottega.models.studio.products.usual import usual_of

RED = (49.0, 50.0, 28.0)


def begin(asked: AskedProduct, *, seed: int = 1, count: int = 8) -> list[PictureRecipe]:
    return first_recipes(usual(), NAMES, asked, count, seed)


def turn(
    before: list[PictureRecipe], asked: AskedProduct, change: AskedProduct = AskedProduct(), **steering: object
) -> list[PictureRecipe]:
    steers = Steering(**steering)  # type: ignore[arg-type]
    whole = merged(asked, change, steers)
    return next_recipes(usual(), NAMES, before, whole, change, steers, len(before), 5)


def noises(recipes: list[PictureRecipe]) -> list[object]:
    return [one.noise for one in recipes]


def test_what_was_not_asked_for_is_as_usual() -> None:
    dresses = begin(AskedProduct(type="Dresses", lab=RED))
    assert {(one.type, one.lab, one.gender, one.worn) for one in dresses} == {("Dresses", RED, "Women", True)}
    assert len({one.lab for one in begin(AskedProduct(type="Shirts"))}) > 1, "any colours"
    mens = begin(AskedProduct(gender="Men"), count=16)
    assert {one.type for one in mens} >= {"Shirts", "Watches"} and {one.gender for one in mens} == {"Men"}
    assert begin(AskedProduct(type="Dresses", gender="Boys"))[0].gender == "Boys", "what nobody has is drawn, too"


def test_the_same_seed_is_the_same_and_another_is_not() -> None:
    asked = AskedProduct(type="Shirts")
    assert begin(asked) == begin(asked) != begin(asked, seed=2)
    assert len(set(noises(begin(asked)))) == 8


def test_a_turn_changes_what_it_names_and_keeps_the_noise() -> None:
    asked = AskedProduct(type="Shirts")
    before = begin(asked)
    blue = turn(before, asked, AskedProduct(lab=(47.0, 5.0, -24.0)))
    assert [replace(one, lab=old.lab) for one, old in zip(blue, before, strict=True)] == before
    darker = turn(before, asked, lighter=-1)
    assert [one.lab[0] for one in darker] == [max(old.lab[0] - 15, 8) for old in before]
    assert noises(darker) == noises(before)
    watches = turn(before, asked, AskedProduct(type="Watches"))
    assert {one.type for one in watches} == {"Watches"} and noises(watches) == noises(before)
    assert [one.lab for one in watches] == [one.lab for one in before]


def test_alike_fresh_and_another_colour() -> None:
    asked = AskedProduct(type="Shirts", lab=RED)
    before = begin(asked)
    alike = turn(before, asked, alike=2)
    assert alike[0] == before[2] and len(set(noises(alike))) == 8
    assert all(one.noise[0][0] == before[2].noise[0][0] for one in alike), "its own noise weighs most"
    fresh = turn(before, asked, fresh=True)
    assert not {number for one in fresh for number, _ in one.noise} & {one.noise[0][0] for one in before}
    assert {one.lab for one in fresh} == {RED}
    assert {one.lab for one in turn(before, asked, other_colour=True)} != {RED}


def test_noise_of_many_turns_stays_short_and_whole() -> None:
    asked = AskedProduct(type="Shirts")
    recipes = begin(asked)
    for _ in range(12):
        recipes = turn(recipes, asked, alike=1)
    shares = np.array([share for _, share in recipes[1].noise])
    assert len(shares) <= 6 and np.isclose(np.square(shares).sum(), 1, atol=1e-4)


def test_a_saved_generator_draws_the_same_pictures(tmp_path: Path) -> None:
    made = generator()
    made.save(tmp_path)
    found, again = ProductGenerator.load(tmp_path), ProductGenerator.load(tmp_path)
    recipes = begin(AskedProduct(type="Shirts"))
    assert (found.draw_recipes(recipes) == again.draw_recipes(recipes)).all()
    assert (found.draw_recipes(recipes[3:4])[0] == found.draw_recipes(recipes)[3]).all(), "alone as among others"
    assert found.usual.colours == usual().colours and np.allclose(found.usual.labs, usual().labs, atol=0.05)
    assert (found.usual.asked.type == usual().asked.type).all()


def test_colours_lie_where_the_photos_are_that_are_most_so() -> None:
    rng = np.random.default_rng(0)
    labs = np.concatenate([rng.normal((60, 0, -5), 2, (90, 3)), rng.normal((45, 10, -45), 1, (30, 3))]).astype(
        np.float32
    )
    n = len(labs)
    held_out = np.zeros(n, np.bool_)
    photos = SmallPhotos(
        tuple(map(str, range(n))), np.zeros((n, 4, 4, 3), np.uint8), {"color": ("Blue",) * n},
        np.arange(n, dtype=np.int32), held_out, np.zeros(n, np.int32),
    )  # fmt: skip
    nothing = np.zeros(n, np.int64)
    asked = AskedPictures(nothing, nothing, nothing, labs, nothing)
    found = usual_of(photos, asked, NAMES, rng=rng)
    assert np.abs(found.labs[0] - (45, 10, -45)).max() < 2 and found.counts.tolist() == [n, 0, 0, 0]
