"""What is drawn of a request, and how it changes turn by turn: another colour, darker, more like the third.

Idea     A picture is drawn from a recipe that says all of it: type, colour, for whom, for what, worn or not, and its
         noise as a sum of numbered draws. A turn makes new recipes of old ones: what the words name changes, the noise
         stays; "more like the third" mixes the third one's noise with fresh noise; another one has fresh noise alone.
         Whoever keeps the recipes can go on from them, and nothing else is remembered.
Shapes   N pictures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from bottega.datasets.photos.asked import AskedNames, AskedPictures
from bottega.models.studio.products.usual import Lab, Usual

__all__ = [
    "AskedProduct",
    "PictureRecipe",
    "Steering",
    "asked_codes",
    "first_recipes",
    "merged",
    "neighbour",
    "next_recipes",
]

Noise = tuple[tuple[int, float], ...]
"""Numbers of draws and the share of each; the sum is brought back to the length of one draw."""
STEP_L = 15.0
"""What "darker" takes from the lightness, 0 to 100."""
ALIKE = 0.8
"""Share of a picture's own noise in those that shall be more like it; fresh noise has the rest, by length."""
DRAWS_MOST = 6
"""Draws that make one noise; the weakest are left out."""
_DARKEST, _LIGHTEST = 8.0, 96.0


@dataclass(frozen=True, slots=True)
class AskedProduct:
    """What words asked for; None where they said nothing of it."""

    type: str | None = None
    lab: Lab | None = None
    gender: str | None = None
    usage: str | None = None
    worn: bool | None = None

    def __bool__(self) -> bool:
        return self != AskedProduct()


@dataclass(frozen=True, slots=True)
class PictureRecipe:
    """All that one picture is drawn from."""

    type: str
    lab: Lab
    gender: str
    usage: str
    worn: bool
    noise: Noise
    told: Lab | None = None
    """The colour that the generator is told, where it is another than the one asked for: so that it draws that."""
    form: Lab | None = None
    """The colour whose outline it keeps."""


@dataclass(frozen=True, slots=True)
class Steering:
    """What a turn asks for besides new values."""

    lighter: int = 0
    """Steps of lightness; negative for darker."""
    alike: int | None = None
    """The picture that the next ones shall be more like, from 0."""
    fresh: bool = False
    """Whether other pictures are wanted."""
    other_colour: bool = False
    """Whether any other colours are wanted."""

    def __bool__(self) -> bool:
        return self != Steering()


@dataclass(frozen=True, slots=True)
class _Drawer:
    """Who says what was not asked for."""

    usual: Usual
    names: AskedNames
    rng: np.random.Generator = field(repr=False)

    def filled(self, asked: AskedProduct, count: int) -> list[PictureRecipe]:
        """Recipes without noise."""
        names, usual = self.names, self.usual
        rows = usual.rows(
            type=None if asked.type is None else names.types.index(asked.type),
            gender=None if asked.gender is None else names.genders.index(asked.gender),
            usage=None if asked.usage is None else names.usages.index(asked.usage),
            worn=asked.worn,
            lab=asked.lab,
        )
        like = usual.asked.take(usual.draw(rows, count, self.rng))
        return [
            PictureRecipe(
                type=names.types[like.type[row]] if asked.type is None else asked.type,
                lab=_lab(like.lab[row]) if asked.lab is None else asked.lab,
                gender=names.genders[like.gender[row]] if asked.gender is None else asked.gender,
                usage=names.usages[like.usage[row]] if asked.usage is None else asked.usage,
                worn=bool(like.worn[row]) if asked.worn is None else asked.worn,
                noise=(),
            )
            for row in range(count)
        ]


def first_recipes(usual: Usual, names: AskedNames, asked: AskedProduct, count: int, seed: int) -> list[PictureRecipe]:
    """`count` pictures of what is asked for; the same for the same seed."""
    rng = np.random.default_rng(seed)
    drawer = _Drawer(usual, names, rng)
    return [replace(one, noise=_fresh(rng)) for one in drawer.filled(asked, count)]


def next_recipes(
    usual: Usual,
    names: AskedNames,
    before: Sequence[PictureRecipe],
    asked: AskedProduct,
    change: AskedProduct,
    steering: Steering,
    count: int,
    seed: int,
) -> list[PictureRecipe]:
    """The pictures of the next turn. `asked` is all that was asked for until now, `change` included."""
    rng = np.random.default_rng(seed)
    drawer = _Drawer(usual, names, rng)
    if steering.alike is not None:
        model = before[steering.alike]
        found = [model, *(replace(model, noise=_near(model.noise, rng)) for _ in range(count - 1))]
    elif steering.fresh:
        found = [replace(one, noise=_fresh(rng)) for one in drawer.filled(asked, count)]
    else:
        found = [before[place % len(before)] for place in range(count)]
        found[len(before) :] = [replace(one, noise=_near(one.noise, rng)) for one in found[len(before) :]]
    if steering.other_colour:
        others = drawer.filled(replace(asked, lab=None), count)
        found = [replace(one, lab=other.lab, told=None) for one, other in zip(found, others, strict=True)]
    if change.type is not None:  # what was not asked for is otherwise with another type
        others = drawer.filled(asked, count)
        found = [replace(other, lab=one.lab, noise=one.noise) for one, other in zip(found, others, strict=True)]
    return [_changed(one, change, steering.lighter) for one in found]


def merged(asked: AskedProduct, change: AskedProduct, steering: Steering) -> AskedProduct:
    """What is asked for once a turn changed it."""
    found = replace(asked, **_said(change))
    if steering.other_colour and change.lab is None:
        return replace(found, lab=None)
    return found if found.lab is None else replace(found, lab=_lighter(found.lab, steering.lighter))


def asked_codes(names: AskedNames, recipes: Sequence[PictureRecipe]) -> tuple[AskedPictures, AskedPictures]:
    """Recipes as codes [N]: what is told, and what is told of the outline."""
    asked = AskedPictures(
        np.array([names.types.index(one.type) for one in recipes], dtype=np.int64),
        np.array([names.genders.index(one.gender) for one in recipes], dtype=np.int64),
        np.array([names.usages.index(one.usage) for one in recipes], dtype=np.int64),
        np.array([one.told or one.lab for one in recipes], dtype=np.float32).reshape(-1, 3),
        np.array([one.worn for one in recipes], dtype=np.int64),
    )
    forms = np.array([one.form or one.told or one.lab for one in recipes], dtype=np.float32).reshape(-1, 3)
    return asked, replace(asked, lab=forms)


def neighbour(recipe: PictureRecipe, alike: float, rng: np.random.Generator) -> PictureRecipe:
    """The same but for a little of its noise, `alike` being the likeness of both."""
    return replace(recipe, noise=_near(recipe.noise, rng, alike))


def _said(change: AskedProduct) -> dict[str, Any]:
    return {name: value for name in AskedProduct.__slots__ if (value := getattr(change, name)) is not None}


def _changed(one: PictureRecipe, change: AskedProduct, lighter: int) -> PictureRecipe:
    found = replace(one, **_said(change))
    found = replace(found, lab=_lighter(found.lab, lighter))
    return replace(found, told=None) if found.lab != one.lab else found


def _lighter(lab: Lab, steps: int) -> Lab:
    lightness = lab[0] + steps * STEP_L
    return (round(min(max(lightness, _DARKEST), _LIGHTEST), 2), lab[1], lab[2]) if steps else lab


def _fresh(rng: np.random.Generator) -> Noise:
    return ((int(rng.integers(2**31)), 1.0),)


def _near(noise: Noise, rng: np.random.Generator, alike: float = ALIKE) -> Noise:
    """Noise whose likeness to this one is `alike`."""
    rest = float(np.sqrt(1 - alike**2))
    mixed = [(number, share * alike) for number, share in noise] + [(int(rng.integers(2**31)), rest)]
    kept = sorted(mixed, key=lambda one: -one[1])[:DRAWS_MOST]
    length = float(np.sqrt(sum(share**2 for _, share in kept)))
    return tuple((number, round(share / length, 6)) for number, share in kept)


def _lab(values: np.ndarray[tuple[int], np.dtype[np.float32]]) -> Lab:
    return round(float(values[0]), 2), round(float(values[1]), 2), round(float(values[2]), 2)
