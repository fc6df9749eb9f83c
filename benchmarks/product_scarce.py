"""Scarce types: does a tagger that also learns from generated photos tell them better? Part of product_words.py.

The tagger is a logistic head on the shipped eye's vectors: small, and quick enough for five seeds. (The eye itself has
seen photos of these types, as the generator has; what is compared are the ways to add to them.) All types are told
apart; counted is how many of the scarce types' photos kept aside are told right, each type alike. Every way learns from
the same real photos, those that the generator learnt from, too; each way that adds adds as many for each scarce type.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from skimage.color import lab2rgb, rgb2lab

from bottega.datasets.photos.asked import outline
from bottega.models.studio.products.generator import ProductGenerator
from bottega.models.studio.products.recipe import ProductMaterial
from bottega.models.studio.products.turns import AskedProduct, first_recipes
from bottega.names import FloatArray, LongArray

SCARCE, COMMON, ADDED = 12, 120, 40
"""Scarce types, of which all photos are taken; most photos of each other type; photos added to each scarce one."""
STEPS, LEARNING_RATE, DECAY = 300, 0.5, 1e-3
PLAIN, COPIES, RECOLOURED, GENERATED, ALL = (
    "real photos alone",
    "repeated, moved, lit otherwise",
    "the same and recoloured",
    "generated photos added",
    "recoloured and generated",
)
Looks = Callable[[NDArray[np.uint8]], FloatArray]


@dataclass(frozen=True)
class ScarceTable:
    """Mean recall of scarce types by way and seed [seeds]."""

    types: tuple[str, ...]
    tested: int
    recalls: dict[str, list[float]]

    @property
    def winner(self) -> str:
        return max(self.recalls, key=lambda way: float(np.mean(self.recalls[way])))

    def told(self) -> dict[str, Any]:
        means = {way: round(float(np.mean(values)), 4) for way, values in self.recalls.items()}
        return {"types": self.types, "tested": self.tested, "recall": means, "seeds": self.recalls, "wins": self.winner}

    def page(self) -> str:
        lines = [
            f"{len(self.types)} scarce types ({', '.join(self.types)}), {self.tested} photos kept aside.\n",
            "| learnt from | recall of scarce types | by seed | seeds above recolouring |\n|---|---|---|---|",
        ]
        base = np.array(self.recalls[RECOLOURED])
        for way, values in self.recalls.items():
            won = "" if way == RECOLOURED else f"{int((np.array(values) > base).sum())} of {len(values)}"
            each = ", ".join(f"{value:.3f}" for value in values)
            lines.append(f"| {way} | {np.mean(values):.3f} | {each} | {won} |")
        return "\n".join([*lines, f"\nWinner: {self.winner}."])


def scarce_table(generator: ProductGenerator, material: ProductMaterial, looks: Looks, *, seeds: int) -> ScarceTable:
    photos, asked, names = material.photos, material.asked, material.names
    learnt, aside = np.flatnonzero(~photos.held_out), np.flatnonzero(photos.held_out)
    counts = np.bincount(asked.type[learnt], minlength=len(names.types))
    tested_of = np.bincount(asked.type[aside], minlength=len(names.types))
    order = [kind for kind in np.argsort(counts, kind="stable").tolist() if tested_of[kind] >= 5]
    scarce = np.array(sorted(order[:SCARCE]))
    test = aside[np.isin(asked.type[aside], scarce)]
    test_vectors, test_kinds = looks(np.asarray(photos.photos[test])), asked.type[test]
    recalls: dict[str, list[float]] = {way: [] for way in (PLAIN, COPIES, RECOLOURED, GENERATED, ALL)}
    rng = np.random.default_rng(0)
    chosen = np.concatenate(
        [
            rng.permutation(learnt[asked.type[learnt] == kind])[: None if kind in scarce else COMMON]
            for kind in range(len(names.types))
        ]
    )
    real, kinds = looks(np.asarray(photos.photos[np.sort(chosen)])), asked.type[np.sort(chosen)]
    few = np.sort(chosen)[np.isin(kinds, scarce)]
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        rows = np.concatenate([rng.choice(few[asked.type[few] == kind], ADDED) for kind in scarce])
        sources, added = np.asarray(photos.photos[rows]), asked.type[rows]
        moved, coloured = moved_and_lit(sources, rng), recoloured(sources, rng)
        recipes = [
            one
            for kind in scarce.tolist()
            for one in first_recipes(
                generator.usual, names, AskedProduct(type=names.types[kind]), ADDED, 1000 * seed + kind
            )
        ]
        half = (np.arange(len(added)) % 2 == 0)[:, None]
        seen = [looks(pictures) for pictures in (moved, coloured, generator.draw_recipes(recipes))]
        more: dict[str, FloatArray] = {
            PLAIN: real[:0],
            COPIES: seen[0],
            RECOLOURED: np.where(half, seen[1], seen[0]),
            GENERATED: seen[2],
            ALL: np.where(half, seen[2], seen[1]),
        }
        for way, vectors in more.items():
            labels = np.concatenate([kinds, added[: len(vectors)]])
            weights = head(np.concatenate([real, vectors]), labels, len(names.types))
            found = (_with_one(test_vectors) @ weights).argmax(1)
            recalls[way].append(
                float(np.mean([(found[test_kinds == kind] == kind).mean() for kind in scarce.tolist()]))
            )
    return ScarceTable(tuple(names.types[kind] for kind in scarce), len(test), recalls)


def head(vectors: FloatArray, labels: LongArray, classes: int) -> FloatArray:
    """Weights [E + 1, classes] of a logistic head; every class counts alike."""
    rows, truth = _with_one(vectors * np.float32(8)), np.eye(classes, dtype=np.float32)[labels]
    each = 1 / np.maximum(np.bincount(labels, minlength=classes), 1)[labels]
    weight = (each / each.sum())[:, None].astype(np.float32)
    weights, speed = np.zeros((rows.shape[1], classes), np.float32), np.zeros((rows.shape[1], classes), np.float32)
    for _ in range(STEPS):
        logits = rows @ weights
        chances = np.exp(logits - logits.max(1, keepdims=True))
        chances /= chances.sum(1, keepdims=True)
        slope = rows.T @ (weight * (chances - truth)) + DECAY * weights
        speed = 0.9 * speed + slope
        weights = weights - LEARNING_RATE * speed
    weights[:-1] *= 8
    return weights


def moved_and_lit(photos: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Mirrored half of the time, cut by up to a tenth, a little darker or lighter."""
    found = np.empty_like(photos)
    px = photos.shape[1]
    for row, photo in enumerate(photos):
        left, top, right, bottom = rng.uniform(0, 0.1 * px, 4)
        cut = Image.fromarray(photo).resize((px, px), Image.Resampling.BILINEAR, (left, top, px - right, px - bottom))
        lit = np.asarray(cut, np.float32) * rng.uniform(0.85, 1.1)
        found[row] = np.rint(lit.clip(0, 255))[:, :: rng.choice((-1, 1))]
    return found


def recoloured(photos: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """The product's a and b turned and lightened by lot, its texture kept; the background stays."""
    lab = rgb2lab(photos / np.float32(255)).astype(np.float32)
    angle = rng.uniform(0, 2 * np.pi, len(photos)).astype(np.float32)[:, None, None]
    turned = np.stack(
        [
            lab[..., 0] + rng.uniform(-12, 12, len(photos)).astype(np.float32)[:, None, None],
            np.cos(angle) * lab[..., 1] - np.sin(angle) * lab[..., 2] + rng.normal(0, 12, angle.shape),
            np.sin(angle) * lab[..., 1] + np.cos(angle) * lab[..., 2] + rng.normal(0, 12, angle.shape),
        ],
        -1,
    )
    turned[..., 2] = np.minimum(turned[..., 2], 1.7 * (turned[..., 0] + 16))  # no yellow that no light has
    painted = np.where(outline(photos)[..., None], turned, lab)
    return np.asarray(np.rint(lab2rgb(painted).clip(0, 1) * 255), np.uint8)


def _with_one(vectors: FloatArray) -> FloatArray:
    return np.concatenate([vectors, np.ones((len(vectors), 1), np.float32)], 1)
