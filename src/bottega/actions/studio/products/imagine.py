"""Imagine: pictures of products that do not exist, by words, turn by turn; and the real products most like each."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
from skimage.color import lab2rgb

from bottega.actions.studio.drawn_products import FACTOR, RealProducts, real_products
from bottega.actions.studio.products.shapes import (
    PICTURES_FIRST,
    AskedInfo,
    ImagineAnswer,
    ImaginedPicture,
    ImagineRequest,
    ImagineState,
    NotDrawnInfo,
    RecipeInfo,
)
from bottega.actions.studio.rescue.rescue import jpeg_of
from bottega.datasets.photos.asked import AskedNames
from bottega.datasets.photos.provenance import SourceType
from bottega.datasets.photos.reading import Photo
from bottega.errors import NothingToDraw, RequestInvalid
from bottega.languages.steering import LAST
from bottega.models.studio.products.generator import ProductGenerator
from bottega.models.studio.products.keeping import another_colour
from bottega.models.studio.products.turns import (
    AskedProduct,
    PictureRecipe,
    Steering,
    first_recipes,
    merged,
    next_recipes,
)
from bottega.models.studio.refused import refuse_race
from bottega.models.studio.rescue.rescue import Rescue
from bottega.settings import ShopSettings
from bottega.shop.listings.imagining import ProductWords, read_words
from bottega.shop.open_shop import OpenShop
from bottega.shop.trained.shipped_models import RESCUE, SHIPPED
from bottega.shop.trained.studio_models import product_generator

__all__ = ["imagine", "imagine_here"]

_SHOWN = 12
"""Types that a message names."""


def imagine(shop: OpenShop, request: ImagineRequest) -> ImagineAnswer:
    """Draw what words ask for, or change what was drawn before.

    Raises `EditRefused`, `NothingToDraw`, `ModelMissing`, `RequestInvalid` for a state that does not fit.
    """
    return _imagined(shop, shop.models.product(), shop.models.rescue(), request)


def imagine_here(settings: ShopSettings, request: ImagineRequest) -> ImagineAnswer:
    """The same without a shop; no real products are found."""
    return _imagined(None, product_generator(settings), SHIPPED.get(RESCUE), request)


def _imagined(
    shop: OpenShop | None, generator: ProductGenerator, rescue: Rescue, request: ImagineRequest
) -> ImagineAnswer:
    started = time.perf_counter()
    refuse_race(request.words)
    seed = secrets.randbelow(2**31) if request.seed is None else request.seed
    index = shop.search_index(look=request.products > 0) if shop is not None else None
    synonyms = index.synonyms if index is not None else None
    said = read_words(request.words, generator.names, generator.usual, synonyms=synonyms)
    if request.before is None:
        asked, recipes = _first(generator, said, request, seed)
    else:
        asked, recipes = _next(generator, said, request, request.before, seed)
    drawn = generator.draw_recipes(recipes)
    found = [RealProducts()] * len(recipes)
    if shop is not None and request.products:
        colour = "" if asked.lab is None else generator.usual.nearest_name(asked.lab)
        types = [one.type for one in recipes]
        found = real_products(shop, list(drawn), types, request.products, request.filter, colour=colour)
    return ImagineAnswer(
        asked=AskedInfo(**asdict(asked)),
        not_drawn=[NotDrawnInfo(words=one.words, why=one.why, instead=one.instead) for one in said.not_drawn],
        pictures=[
            _picture(place + 1, recipe, rescue.enlarged(small, FACTOR, way="mean"), real)
            for place, (recipe, small, real) in enumerate(zip(recipes, drawn, found, strict=True))
        ],
        state=ImagineState(
            version=generator.version,
            said=[*(request.before.said[-99:] if request.before else ()), request.words],
            asked=AskedInfo(**asdict(asked)),
            recipes=[_told(one) for one in recipes],
        ),
        seed=seed,
        version=generator.version,
        photos_waiting=index.waiting if index is not None else 0,
        took_ms=round((time.perf_counter() - started) * 1000, 3),
    )


def _first(
    generator: ProductGenerator, said: ProductWords, request: ImagineRequest, seed: int
) -> tuple[AskedProduct, list[PictureRecipe]]:
    unlearnt = [one.words for one in said.not_drawn if one.why == "not_learnt"]
    if not said.asked or (unlearnt and said.asked.type is None):
        raise NothingToDraw(
            f"Nothing that can be drawn was found in {request.words!r}.{_unlearnt(unlearnt)}",
            allowed=f"There are {len(generator.names.types)} types, as in {_types(generator)}; colours; "
            f"{_listed(generator.names.genders)}; {_listed(generator.names.usages)}; worn, or laid flat.",
            next_step="To change pictures of before, send their state: `before`, or --before state.json."
            if said.says_something and not unlearnt
            else "Name a type, as in: red shirt for men, flat.",
        )
    steering = Steering(lighter=said.steering.lighter)
    asked = merged(AskedProduct(), said.asked, steering)
    return asked, first_recipes(generator.usual, generator.names, asked, request.n or PICTURES_FIRST, seed)


def _next(
    generator: ProductGenerator, said: ProductWords, request: ImagineRequest, before: ImagineState, seed: int
) -> tuple[AskedProduct, list[PictureRecipe]]:
    recipes = _recipes(generator, before)
    if not said.says_something:
        unlearnt = [one.words for one in said.not_drawn if one.why == "not_learnt"]
        raise NothingToDraw(
            f"Nothing in {request.words!r} says what shall be otherwise.{_unlearnt(unlearnt)}",
            allowed="A turn is another colour or type, darker, lighter, for whom, for what, worn or laid flat, another "
            "one, or more like one of the pictures.",
            next_step="Say it as in: darker; make it blue; more like the third; another one.",
        )
    steering = said.steering
    if steering.alike is not None:
        place = len(recipes) - 1 if steering.alike == LAST else steering.alike
        if place >= len(recipes):
            raise RequestInvalid(
                f"{request.words!r} means picture {place + 1}.",
                allowed=f"There are {len(recipes)} of them.",
                next_step="Name one that is there.",
            )
        steering = Steering(steering.lighter, place, False, steering.other_colour)
    asked = merged(AskedProduct(**before.asked.model_dump()), said.asked, steering)
    n = request.n or len(recipes)
    found = next_recipes(generator.usual, generator.names, recipes, asked, said.asked, steering, n, seed)
    only_colour = said.asked == AskedProduct(lab=said.asked.lab) and steering.alike is None and not steering.fresh
    if only_colour:
        kept = min(len(recipes), len(found))
        found = [*another_colour(generator, recipes[:kept], found[:kept]), *found[kept:]]
    return asked, found


def _recipes(generator: ProductGenerator, before: ImagineState) -> list[PictureRecipe]:
    """What a state says, checked: a browser may send anything."""
    if before.version != generator.version:
        raise RequestInvalid(
            f"The pictures before are of the generator {before.version!r}, and {generator.version!r} draws now.",
            next_step="Begin anew, without `before`.",
        )
    names = generator.names
    for one in (*before.recipes, before.asked):
        for name, known in (("type", names.types), ("gender", names.genders), ("usage", names.usages)):
            value = getattr(one, name)
            if value is not None and value not in known:
                raise RequestInvalid(
                    f"The state says {name} {value!r}.",
                    allowed=f"It is one of {', '.join(filter(None, known))}.",
                    next_step="Send the `state` of an answer as it came.",
                )
    return [PictureRecipe(**(one.model_dump() | {"noise": tuple(one.noise)})) for one in before.recipes]


def _told(one: PictureRecipe) -> RecipeInfo:
    return RecipeInfo(**(asdict(one) | {"noise": list(one.noise)}))


def _picture(number: int, recipe: PictureRecipe, photo: Photo, real: RealProducts) -> ImaginedPicture:
    lightness, a, b = recipe.lab
    lab = lightness, a, min(b, 1.7 * (lightness + 16))  # a yellow beyond is of no light, and the library warns of it
    colour = (lab2rgb(np.array([[lab]])).reshape(3).clip(0, 1) * 255).round().astype(int).tolist()
    return ImaginedPicture(
        number=number,
        type=recipe.type,
        rgb="#{:02x}{:02x}{:02x}".format(*colour),
        gender=recipe.gender,
        usage=recipe.usage,
        worn=recipe.worn,
        width=photo.shape[1],
        height=photo.shape[0],
        source_type=SourceType.GENERATED,
        content=jpeg_of(photo, SourceType.GENERATED),
        products=real.items,
        as_asked=real.as_asked,
    )


def _unlearnt(words: Sequence[str]) -> str:
    return f" It never learnt what this is: {', '.join(words)}." if words else ""


def _types(generator: ProductGenerator) -> str:
    names: AskedNames = generator.names
    order = np.argsort(-generator.usual.counts, kind="stable")[:_SHOWN]
    return ", ".join(names.types[place] for place in order.tolist())


def _listed(names: Sequence[str]) -> str:
    return ", ".join(name for name in names if name)
