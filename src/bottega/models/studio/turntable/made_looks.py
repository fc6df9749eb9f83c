"""Made-up looks: what a thing is painted with, and the light that it is photographed in.

Idea     Paint is a function of the place on the thing, so that every view of it agrees: plain, striped, chequered,
         spotted, in patches as a cow, running from one colour into another as an apple, with a panel of letters. It is
         often the same on both sides, as paint on things is. The light stands with the camera, as round a turntable.
Shapes   N points of a surface; colours are linear light.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bottega.names import FloatArray

__all__ = ["MadeLook", "MadeStudio", "made_look", "made_skin", "made_studio", "painted", "shaded"]

COATS = 4
"""Coats that a thing may have."""
_GREYS = 0.35
"""Share of the colours that are white, black or grey: most of what shops sell."""


@dataclass(frozen=True, slots=True)
class MadeStudio:
    """Lights that stand with the camera; directions point towards them: right, into the picture, up."""

    key: FloatArray
    """[3], unit."""
    fill: FloatArray
    """[3], unit."""
    strengths: tuple[float, float, float, float]
    """Of the key, the fill, the sky, and what comes from everywhere."""
    shine: tuple[float, float]
    """How strong a highlight is, and how narrow."""
    tint: FloatArray
    """[3], the colour of the light."""


@dataclass(frozen=True, slots=True)
class MadeLayer:
    """One pattern of a coat."""

    kind: str
    coat: int
    colour: FloatArray
    """[3]"""
    numbers: FloatArray
    """What the kind needs: directions, waves, places."""
    edge: float
    """How sharp it ends: a share of a wave."""
    mirrored: bool


@dataclass(frozen=True, slots=True)
class MadeLook:
    """Colours [COATS, 3] and the patterns on them, in order."""

    colours: FloatArray
    layers: tuple[MadeLayer, ...]


def _colour(rng: np.random.Generator) -> FloatArray:
    if rng.random() < _GREYS:
        grey = rng.choice([rng.uniform(0.75, 0.95), rng.uniform(0.02, 0.1), rng.uniform(0.1, 0.75)])
        return np.asarray(np.clip(grey + rng.normal(0, 0.015, 3), 0.01, 0.97), np.float32)
    if rng.random() < 0.3:  # leather, wood, fur, skin of fruit
        brown = np.array([0.5, 0.3, 0.13]) * rng.uniform(0.15, 1.6) + rng.normal(0, 0.03, 3)
        return np.clip(brown, 0.01, 0.95).astype(np.float32)
    hue = rng.uniform(0, 6)
    pure = np.clip(np.abs((hue + np.array([0, 4, 2])) % 6 - 3) - 1, 0, 1)
    strong, light = rng.uniform(0.3, 1), rng.uniform(0.05, 0.9)
    return np.asarray(np.clip(light * (1 - strong * (1 - pure)), 0.01, 0.95), np.float32)


def made_look(rng: np.random.Generator) -> MadeLook:
    """A look with everything drawn."""
    colours = np.stack([_colour(rng) for _ in range(COATS)])
    if rng.random() < 0.3:
        colours[1:] = colours[rng.integers(0, 2, COATS - 1)]
    mirrored = bool(rng.random() < 0.6)
    layers = []
    for _ in range(rng.integers(0, 4)):
        kind = str(rng.choice(["stripes", "checks", "patches", "spots", "run", "panel", "grain"]))
        coat = 0 if rng.random() < 0.7 else int(rng.integers(-1, COATS))
        colour = _colour(rng)
        way = rng.normal(0, 1, (4, 3))
        way /= np.linalg.norm(way, axis=1, keepdims=True)
        if rng.random() < 0.6:
            way[0] = np.eye(3)[rng.integers(0, 3)]
        if kind in ("stripes", "checks"):
            numbers = np.concatenate(
                [way[0] * rng.uniform(4, 40), rng.uniform(-0.7, 0.9, 1), way[1] * rng.uniform(4, 30)]
            )
        elif kind in ("patches", "grain"):
            fine = rng.uniform(2, 7) if kind == "patches" else rng.uniform(15, 60)
            numbers = np.concatenate(
                [(way * fine * rng.uniform(0.6, 1.6, (4, 1))).ravel(), rng.uniform(0, 6, 4), rng.uniform(-0.8, 0.8, 1)]
            )
        elif kind == "spots":
            numbers = np.concatenate([rng.uniform(0.03, 0.16, 1), rng.uniform(-1, 1, 3 * int(rng.integers(4, 25)))])
        elif kind == "run":
            numbers = np.concatenate([way[0] * rng.uniform(0.8, 4), rng.uniform(-0.6, 0.6, 1)])
        else:
            numbers = np.concatenate(
                [rng.uniform(-0.5, 0.5, 2), rng.uniform(0.1, 0.5, 2), rng.integers(0, 2, 1), rng.uniform(8, 40, 2)]
            )
        layers.append(
            MadeLayer(kind, coat, colour, numbers.astype(np.float32), float(rng.uniform(0.02, 0.5)), mirrored)
        )
    return MadeLook(colours, tuple(layers))


def made_skin(rng: np.random.Generator) -> MadeLook:
    """A look of something that grew: one colour that runs into another without an edge, and a fine grain."""
    colours = np.stack([_colour(rng) for _ in range(COATS)])
    hue = np.array([rng.uniform(0.35, 0.9), rng.uniform(0.08, 0.8), rng.uniform(0.03, 0.3)])
    colours[0] = hue if rng.random() < 0.7 else hue[[1, 0, 2]]
    colours[1] = np.array([0.2, 0.22, 0.08]) * rng.uniform(0.3, 1.5)
    layers = []
    if rng.random() < 0.4:
        numbers = np.concatenate([[0, 0, rng.uniform(-1.2, 1.2)], rng.uniform(-0.6, 0.1, 1)])
        layers.append(("run", numbers, 1.0, 0.5))
    for fine, edge, share in ((rng.uniform(0.8, 3), rng.uniform(1.5, 4), 0.55), (rng.uniform(5, 15), 4.0, 0.3)):
        if rng.random() < share:
            way = rng.normal(0, 1, (4, 3)) * fine
            numbers = np.concatenate([way.ravel(), rng.uniform(0, 6, 4), rng.uniform(0, 1.2, 1)])
            layers.append(("patches", numbers, edge, rng.uniform(0.1, 0.8)))
    if rng.random() < 0.6:
        numbers = np.concatenate([rng.normal(0, rng.uniform(12, 40), 12), rng.uniform(0, 6, 4), [0.0]])
        layers.append(("grain", numbers, 0.5, rng.uniform(0.02, 0.3)))
    made = []
    for kind, numbers, edge, much in layers:
        colour = colours[0] + (_colour(rng) - colours[0]) * np.float32(much)
        made.append(MadeLayer(kind, 0, colour, numbers.astype(np.float32), float(edge), False))
    return MadeLook(colours.astype(np.float32), tuple(made))


def made_studio(rng: np.random.Generator) -> MadeStudio:
    """A light with everything drawn: mostly from above and the camera's side, soft more often than hard."""
    key = np.array([rng.normal(0, 0.7), -rng.uniform(0.3, 1.2), rng.uniform(0.1, 1.3)])
    fill = np.array([-np.sign(key[0]) * rng.uniform(0.2, 1), -rng.uniform(0.2, 1), rng.uniform(-0.2, 0.6)])
    soft = rng.uniform(0.2, 1)
    strengths = (1.1 * (1 - 0.55 * soft), rng.uniform(0, 0.35), rng.uniform(0.05, 0.4), 0.12 + 0.5 * soft)
    shine = (float(rng.choice([0.0, rng.uniform(0.05, 0.6)])), float(rng.uniform(6, 60)))
    unit = [(one / np.linalg.norm(one)).astype(np.float32) for one in (key, fill)]
    tint = (1 + rng.normal(0, 0.05, 3)).astype(np.float32)
    return MadeStudio(unit[0], unit[1], strengths, shine, tint)


def painted(look: MadeLook, own: FloatArray, coats: NDArray[np.uint8]) -> FloatArray:
    """Colours [N, 3] of places `own` [N, 3] on coats [N]."""
    out = look.colours[coats]
    for layer in look.layers:
        at = own
        if layer.mirrored:
            at = own.copy()
            at[:, 1] = np.abs(at[:, 1])
        much = _amount(layer, at)
        if layer.coat >= 0:
            much = much * (coats == layer.coat)
        out += much[:, None] * (layer.colour - out)
    return np.asarray(out, np.float32)


def _amount(layer: MadeLayer, at: FloatArray) -> FloatArray:
    """How much of a layer [N] each place shows, 0 to 1."""
    given, soft = layer.numbers, layer.edge
    if layer.kind == "stripes":
        return _step(np.sin(at @ given[:3]) - given[3], soft)
    if layer.kind == "checks":
        return _step(np.sin(at @ given[:3]) * np.sin(at @ given[4:7]) - given[3] * 0.5, soft)
    if layer.kind in ("patches", "grain"):
        field = np.sin(at @ given[:12].reshape(4, 3).T + given[12:16]).sum(1)
        return _step(field - given[16] * 2, soft * 2) if layer.kind == "patches" else np.float32(0.12) * field
    if layer.kind == "spots":
        middles = given[1:].reshape(-1, 3)
        far = ((at[:, None] - middles) ** 2).sum(2).min(1)
        return _step(given[0] - np.sqrt(far), 0.03 * soft)
    if layer.kind == "run":
        return np.asarray(np.clip(at @ given[:3] + given[3] + 0.5, 0, 1), np.float32)
    across = at[:, int(given[4])]
    x, z = (across - given[0]) / given[2], (at[:, 2] - given[1]) / given[3]
    inside = (np.abs(x) < 1) & (np.abs(z) < 1)
    written = (np.sin(x * given[5]) + np.sin(x * given[5] * 1.7 + 1) > -0.4) & (np.sin(z * given[6] * 0.4) > -0.2)
    return np.asarray(inside & written, np.float32)


def _step(value: FloatArray, soft: float) -> FloatArray:
    return np.asarray(np.clip(value / np.float32(soft) + np.float32(0.5), 0, 1), np.float32)


def shaded(colours: FloatArray, normals: FloatArray, studio: MadeStudio) -> FloatArray:
    """Light [N, 3] that comes back to the camera; `normals` [N, 3] in the camera's axes: right, into it, up."""
    key, fill, sky, everywhere = studio.strengths
    light = (
        key * np.clip(normals @ studio.key, 0, None)
        + fill * np.clip(normals @ studio.fill, 0, None)
        + sky * (0.5 + 0.5 * normals[:, 2])
        + everywhere
    )
    out = colours * (light[:, None] * studio.tint)
    if studio.shine[0]:
        half = studio.key + np.array([0, -1, 0], np.float32)
        half /= np.linalg.norm(half)
        out = out + (studio.shine[0] * np.clip(normals @ half, 0, None) ** studio.shine[1])[:, None]
    return np.asarray(out, np.float32)
