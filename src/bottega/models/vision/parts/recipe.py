"""The recipe of the parser that ships: street photos with masks, shop photos as lessons, rounds growing and near."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from torch import Tensor, nn

from bottega.datasets.photos.catalogue import PhotoCatalogue
from bottega.datasets.photos.kept_aside import SPLIT_SEED, STREET_HELD_OUT, lines_split
from bottega.datasets.photos.masks import PhotoMasks
from bottega.datasets.photos.reading import Photo, read_photo
from bottega.models.blocks.checkpoint import Checkpoint
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.parts.fitting import fit_parser
from bottega.models.vision.parts.network import PartsShape
from bottega.models.vision.parts.parser import Parts, PartsConfig
from bottega.models.vision.parts.shop_lessons import agreed, part_of, shop_material
from bottega.models.vision.parts.training import PartsTraining
from bottega.models.vision.parts.views import PartsMaterial
from bottega.progress import Progress, silent

__all__ = ["LIMITS", "NEAR", "ROUNDS", "SHOP_PHOTOS", "ShopLessons", "parts_card", "shop_lessons", "train_parts"]

SHOP_PHOTOS, SHOP_PX = 800, 224
ROUNDS = (
    PartsTraining(steps=1800, sizes=((1.0, 144, 96),)),
    PartsTraining(steps=1500, sizes=((1.0, 192, 128),), learning_rate=1.5e-3),
    PartsTraining(steps=400, sizes=((1.0, 288, 192),), learning_rate=1e-3, average=0.99),
)
NEAR = tuple(
    PartsTraining(
        steps=1200,
        sizes=((1 - full, 192, 128), (full, 288, 192)),
        learning_rate=rate,
        average=0.99,
        zoom=(0.8, 2.4),
        on_plain=0.45,
    )
    for full, rate in ((0.25, 8e-4), (0.2, 1e-3))
)
NEAR_SHARE = 0.7
"""Small pictures first; then people seen near and mostly before plain grounds, as shops show clothes that are worn.

Before the last of `ROUNDS`, and before each that is near, the parser says what it sees in shop photos. What comes out
is, weight by weight, so much of what the near ones made and the rest of what was there before them: most of what
is learnt of shops stays, and little of the street is lost (Wortsman et al. 2022, https://arxiv.org/abs/2109.01903).
"""
LIMITS = (
    "Learnt from young people in street fashion, most of them women, whole and seen from the front; other postures, "
    "crowds and cropped photos are parsed worse. Things smaller than a hundredth of the picture's height are lost. "
    "Hats, scarves, glasses and jewellery are one part with bags. Children, wheelchairs, saris and robes were hardly "
    "ever there."
)
SOURCES = {
    "street": "Clothing Co-Parsing; Apache-2.0 on its repository, rights in the photos unclear",
    "shop": "Fashion Product Images, on a plain background; MIT on its data card, rights in the photos unclear",
}


@dataclass(frozen=True, slots=True)
class ShopLessons:
    """Shop photos to learn from, and the part that each one's type says."""

    material: PartsMaterial
    parts: tuple[int | None, ...]


def shop_lessons(
    folder: Path, *, seed: int, unseen: Collection[str] = (), most: int = SHOP_PHOTOS, progress: Progress = silent
) -> ShopLessons:
    """Photos of a catalogue on a plain background, none of a line that the eye is judged on or that `unseen` names."""
    catalogue = PhotoCatalogue.read(folder)
    free, _ = lines_split(catalogue)
    judged = np.unique(catalogue.lines[np.isin(catalogue.ids, list(unseen))])
    rows = np.flatnonzero(free & ~np.isin(catalogue.lines, judged))
    rows = np.sort(np.random.default_rng(seed).permutation(rows)[:most])
    photos: list[Photo] = []
    for done, row in enumerate(rows, start=1):
        photos.append(read_photo(catalogue.paths[row]))
        progress("reading shop photos", done, len(rows))
    heads = ("type", "subcategory", "category")
    parts = [part_of([catalogue.labels[head][row] for head in heads]) for row in rows]
    material, plain = shop_material(photos, parts, SHOP_PX)
    return ShopLessons(material, tuple(part for part, kept in zip(parts, plain, strict=True) if kept))


def train_parts(
    street: PhotoMasks,
    *,
    shop: ShopLessons | None = None,
    projection: bool = True,
    seed: int = 0,
    rounds: tuple[PartsTraining, ...] = ROUNDS,
    near: tuple[PartsTraining, ...] = NEAR,
    version: str = "0",
    after: Callable[[int, Parts], None] | None = None,
    device: str = "auto",
    seconds: float | None = None,
    kept: Path | None = None,
    progress: Progress = silent,
) -> Parts:
    """The shipped recipe on these photos; `after` hears of each round, those that are near counted on.

    `seconds`: the most that it learns for, each round its share by the pixels it looks at. `kept`: a folder where the
    rounds that are over and the one that was stopped lie.
    """
    rng = np.random.default_rng(seed)
    config = PartsConfig(version=version, shape=PartsShape(projection=projection))
    parser = Parts.fresh(rng=rng, config=config, eye=Eye.shipped())
    lessons = shop.material if shop else None
    whole, before = rounds + near, dict[str, Tensor]()
    for number, training in enumerate(whole, start=1):
        done = None if kept is None else kept / f"round_{number}"
        checkpoint = None if kept is None else Checkpoint(kept / f"round_{number}.pt", rng=rng)
        if done is not None and (done / "model.json").exists():
            parser = Parts.load(done)
        else:
            fit_parser(
                street.photos,
                street.parts,
                rng=rng,
                training=training,
                shop=lessons,
                start=parser,
                device=device,
                seconds=None if seconds is None else seconds * _share_of_work(whole, number),
                checkpoint=checkpoint,
                progress=progress,
            )
            parser.config = replace(parser.config, image_px=training.sizes[-1][1])
            if done is not None and checkpoint is not None:
                done.mkdir(parents=True, exist_ok=True)
                parser.save(done)
                checkpoint.done()
        if after is not None:
            after(number, parser)
        if shop is not None and len(rounds) - 1 <= number < len(whole):
            lessons = agreed(parser, shop.material, shop.parts, progress=progress)
        if number == len(rounds):
            before = {name: value.clone() for name, value in parser.network.state_dict().items()}
    if near:
        _mix(parser.network, before, 1 - NEAR_SHARE)
    return parser


def _mix(network: nn.Module, other: Mapping[str, Tensor], share: float) -> None:
    """Draw a network's weights towards those of another of its kind."""
    mixed = {
        name: value.lerp(other[name], share) if value.is_floating_point() else value
        for name, value in network.state_dict().items()
    }
    network.load_state_dict(mixed)


def _share_of_work(rounds: Sequence[PartsTraining], number: int) -> float:
    """The share of a round in all pixels that are learnt from."""
    pixels = [one.steps * sum(share * height * width for share, height, width in one.sizes) for one in rounds]
    return pixels[number - 1] / sum(pixels)


def parts_card(learnt: PhotoMasks, held_out: PhotoMasks, lessons: ShopLessons) -> dict[str, Any]:
    """What the card of a parser trained by this recipe says of its data, its split and its limits."""
    return {
        "trained_on": {
            "street": f"parsing/, {len(learnt)} photos ({SOURCES['street']})",
            "shop": f"fashion/, {len(lessons.material)} photos ({SOURCES['shop']})",
        },
        "split": {
            "held_out_photos": len(held_out),
            "held_out_names": held_out.fingerprint,
            "share": STREET_HELD_OUT,
            "seed": SPLIT_SEED,
        },
        "limits": LIMITS,
    }
