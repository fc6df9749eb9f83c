"""Bake the scenes that products are laid on: a wooden table, a stone shelf, linen seen from above, each lit once.

Idea     A room of two or three surfaces, a large soft light from the left, a fill, an even sky, and a camera with a
         lens, so that the wall behind is out of focus. Light and the colour of surfaces are rendered apart and the
         light alone is smoothed, so that the grain of the wood stays. Where a product stands and how the light falls
         there is written beside the pictures, for who lays one on them (models/studio/rescue/scenes.py).
Source   Mitsuba 3, as bake.py.
Run      `python bake/scenes.py [NAME...]` from the repository's root, with what bake.py needs.
Costs    One to two minutes of a core a scene.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import drjit
import mitsuba as mi
import numpy as np
from bake import as_shape, rgb, smoothed
from meshes import Mesh, grid, noise
from PIL import Image
from things.shapes import fold_heights

from bottega.models.blocks.cards import write_card
from bottega.models.studio.rescue.scenes import FOLDER, SCENES

PX, SEED = 1200, 1
Floats = np.ndarray


@dataclass(frozen=True)
class Room:
    """Surfaces with what they are made of, the camera, and where the light comes from; centimetres, z up."""

    surfaces: list[tuple[Mesh, Floats, float]]
    """Mesh, its colours [H, W, 3] in sRGB (one pixel for a plain one), and how rough it is; 1 does not shine at all."""
    eye: tuple[float, float, float]
    target: tuple[float, float, float]
    fov: float
    light_from: tuple[float, float, float]
    up: tuple[float, float, float] = (0, 0, 1)
    lens: float = 0.9
    """Radius of the lens; what stands on the mark is sharp."""
    light: float = 1.0


def plane(width: float, depth: float, at: tuple[float, float, float], *, upright: bool = False) -> Mesh:
    """A rectangle on the ground, or upright facing the camera; texture coordinates 0 to 1."""
    s = np.linspace(-0.5, 0.5, 3)
    across, along = np.meshgrid(s * width, s * depth)
    flat = np.zeros_like(across)
    points = np.stack([across, flat, along] if upright else [across, along, flat], 2) + np.asarray(at)
    uv = np.stack([across / width + 0.5, along / depth + 0.5], 2)
    return grid(points, uv)


def wood(px: int = 2048) -> Floats:
    """Oak planks that run away from the camera."""
    y, x = np.meshgrid(np.linspace(0, 16, px), np.linspace(0, 12, px), indexing="ij")
    plank = np.floor(x).astype(int)
    rng = np.random.default_rng(5)
    shift, tone, warm = rng.uniform(0, 40, 16)[plank], rng.normal(0, 0.055, 16)[plank], rng.normal(0, 0.012, 16)[plank]
    inside = x - plank
    bend = 0.5 * noise(inside * 0.7, (y + shift) / 9.0, 3, octaves=2)
    rings = np.sin(2 * np.pi * (inside * 5.5 + bend + 0.03 * noise(inside * 9, (y + shift) / 2.5, 4, octaves=2)))
    pores = np.clip(noise(inside * 26, (y + shift) / 0.7, 6), 0.7, 3) - 0.7
    light = 0.60 + tone + 0.035 * rings + 0.02 * noise(inside * 2, (y + shift) / 2, 7, octaves=2) - 0.05 * pores
    gap = np.exp(-((np.minimum(inside, 1 - inside) / 0.012) ** 2))
    light = light * (1 - 0.6 * gap)
    return np.stack([light * (1.10 + warm), light * 0.86, light * (0.62 - warm)], 2).clip(0, 1)


def stone(px: int = 2048) -> Floats:
    """Pale limestone with soft clouds and fine specks."""
    y, x = np.meshgrid(np.linspace(0, 4.6, px), np.linspace(0, 22, px), indexing="ij")
    rng = np.random.default_rng(8)
    clouds = noise(x / 2.2, y / 2.2, 21)
    veins = np.exp(-((noise(x / 3.5, y / 2.8, 22) / 0.08) ** 2))
    specks = rng.random((px, px)) ** 9
    light = 0.74 + 0.035 * clouds + 0.03 * veins - 0.16 * specks + 0.012 * rng.standard_normal((px, px))
    return np.stack([light * 1.01, light * 0.98, light * 0.93], 2).clip(0, 1)


def plaster(tone: tuple[float, float, float], px: int = 1024) -> Floats:
    y, x = np.meshgrid(np.linspace(0, 6, px), np.linspace(0, 8, px), indexing="ij")
    shade = 1 + 0.009 * noise(x, y, 31) + 0.006 * noise(x * 7, y * 7, 32)
    return (shade[..., None] * np.asarray(tone)).clip(0, 1)


def linen(px: int = 2400) -> Floats:
    """Undyed linen: threads both ways, some thicker than others."""
    rng = np.random.default_rng(12)
    threads = 300
    at = np.arange(px) * threads / px
    thick = 1 + 0.25 * rng.standard_normal(threads + 1)
    tone = 0.03 * rng.standard_normal((2, threads + 1))
    wave = np.abs(np.sin(np.pi * at)) ** 0.6 * thick[at.astype(int)].clip(0.6, 1.6)
    across, along = wave[None, :] + tone[0][at.astype(int)][None, :], wave[:, None] + tone[1][at.astype(int)][:, None]
    over = (at.astype(int)[None, :] + at.astype(int)[:, None]) % 2 == 0
    light = 0.70 + 0.08 * (np.where(over, across, along) - 0.8)
    return np.stack([light * 1.03, light * 0.99, light * 0.91], 2).clip(0, 1)


def table() -> Room:
    return Room(
        [
            (plane(190, 150, (0, 25, 0)), wood(), 0.32),
            (plane(420, 240, (0, 170, 60), upright=True), plaster((0.86, 0.84, 0.80)), 1.0),
        ],
        eye=(0, -105, 30), target=(0, 0, 12.5), fov=27, light_from=(-120, -70, 130),
    )  # fmt: skip


def shelf() -> Room:
    top, front = plane(220, 46, (0, 8, 0)), plane(220, 5, (0, -15, -2.5), upright=True)
    return Room(
        [
            (top, stone(), 0.5),
            (front, stone(1024), 0.7),
            (plane(420, 300, (0, 31, 30), upright=True), plaster((0.68, 0.72, 0.66)), 1.0),
        ],
        eye=(0, -110, 24), target=(0, 0, 13.0), fov=27, light_from=(-130, -80, 120), lens=0.5,
    )  # fmt: skip


def cloth() -> Room:
    xs = np.linspace(-60, 60, 420)
    x, y = np.meshgrid(xs, xs)
    folds = [
        (-60, 30, -24, 58, 3.0, 1.5), (-58, 8, -34, 44, 3.6, 1.1), (60, -22, 26, -58, 3.2, 1.5),
        (58, -2, 34, -40, 3.6, 1.0), (-60, -40, -30, -60, 3.4, 1.0), (60, 44, 30, 60, 3.2, 1.1),
    ]  # fmt: skip
    far = np.clip((np.hypot(x, y) - 20) / 24, 0, 1)
    height = far * fold_heights(x, y, folds, 7) + 0.12 * far * noise(x / 12, y / 12, 9)
    points = np.stack([x, y, height], 2)
    uv = np.stack([x / 120 + 0.5, y / 120 + 0.5], 2)
    return Room(
        [(grid(points, uv), linen(), 1.0)],
        eye=(0, 0, 150), target=(0, 0, 0), fov=31, light_from=(-110, 60, 90), up=(0, 1, 0), lens=0.0,
    )  # fmt: skip


ROOMS: dict[str, Callable[[], Room]] = {"table": table, "shelf": shelf, "cloth": cloth}


def scene_of(room: Room, spp: int, folder: Path) -> Any:
    """The room as Mitsuba takes it."""
    focus = float(np.linalg.norm(np.asarray(room.eye) - (0, 0, 6) if room.up[2] else room.eye))
    lens = (
        {"type": "thinlens", "aperture_radius": room.lens, "focus_distance": focus}
        if room.lens
        else {"type": "perspective"}
    )
    place = mi.ScalarTransform4f()
    target = list(room.target)

    def lamp(at: Floats, radiance: float, half: float) -> dict[str, Any]:
        where = place.look_at(at.tolist(), target, [0, 0, 1]) @ place.scale([half, half, 1])
        return {
            "type": "rectangle",
            "to_world": where,
            "emitter": {"type": "area", "radiance": rgb(*(radiance * np.array([1.0, 0.97, 0.92])))},
        }

    key = np.asarray(room.light_from, float)
    far = float(np.linalg.norm(key)) ** 2 / 55**2
    scene: dict[str, Any] = {
        "type": "scene",
        "integrator": {"type": "aov", "aovs": "a:albedo,n:sh_normal,d:depth",
                       "path": {"type": "path", "max_depth": 5, "hide_emitters": True}},
        "key": lamp(key, 0.62 * far * room.light, 55),
        "fill": lamp(key * [-1.2, 1.0, 0.7], 0.08 * far * room.light, 70),
        "sky": {"type": "constant", "radiance": rgb(0.36, 0.37, 0.39)},
        "camera": lens | {
            "fov": room.fov,
            "to_world": place.look_at(list(room.eye), target, list(room.up)),
            "film": {"type": "hdrfilm", "width": PX, "height": PX, "rfilter": {"type": "box"}, "pixel_format": "rgb"},
            "sampler": {"type": "multijitter", "sample_count": spp, "seed": SEED},
        },
    }  # fmt: skip
    for number, (mesh, colours, rough) in enumerate(room.surfaces):
        picture = folder / f"{number}.png"
        Image.fromarray(np.rint(colours * 255).astype(np.uint8)).save(picture)
        told = {"type": "bitmap", "filename": str(picture), "wrap_mode": "mirror"}
        made = (
            {"type": "diffuse", "reflectance": told}
            if rough >= 1
            else {"type": "roughplastic", "alpha": rough, "nonlinear": False, "diffuse_reflectance": told,
                  "specular_reflectance": rgb(0.5)}
        )  # fmt: skip
        scene[f"surface{number}"] = as_shape(mesh, made, folder, f"surface{number}")
    return mi.load_dict(scene, optimize=False)


def baked(room: Room, spp: int, folder: Path) -> Floats:
    """The scene [PX, PX, 3] in linear light."""
    seen = np.array(mi.render(scene_of(room, spp, folder), spp=spp, seed=SEED), np.float32)
    light, albedo, normal, depth = seen[..., :3], seen[..., 3:6], seen[..., 6:9], seen[..., 9]
    albedo = np.maximum(albedo, 0.02)
    lead = {"normal": normal, "depth": depth, "part": np.zeros(depth.shape)}
    return np.asarray(smoothed(light / albedo, lead, steps=4) * albedo, np.float32)


def main() -> None:
    asked = argparse.ArgumentParser(description="Bake the scenes.")
    asked.add_argument("names", nargs="*", default=list(ROOMS))
    asked.add_argument("--spp", type=int, default=64)
    asked.add_argument("--variant", default="llvm_ad_rgb")
    asked.add_argument("--threads", type=int, default=1)
    given = asked.parse_args()
    mi.set_variant(given.variant)
    drjit.set_thread_count(given.threads)
    FOLDER.mkdir(exist_ok=True)
    for name in given.names:
        started = time.process_time()
        with tempfile.TemporaryDirectory() as folder:
            light = baked(ROOMS[name](), given.spp, Path(folder))
        mark = SCENES[name]
        level = np.median(light[round((mark.ground - 0.02) * PX) : round((mark.ground + 0.04) * PX)].mean(2))
        light = light * (mark.brightness / level)
        told = np.where(light <= 0.0031308, 12.92 * light, 1.055 * np.maximum(light, 1e-6) ** (1 / 2.4) - 0.055)
        Image.fromarray(np.rint(told.clip(0, 1) * 255).astype(np.uint8)).save(
            FOLDER / f"{name}.webp", quality=86, method=6
        )
        print(
            name,
            round(time.process_time() - started),
            "s",
            (FOLDER / f"{name}.webp").stat().st_size,
            "bytes",
            flush=True,
        )
    write_card(
        FOLDER, name="scenes", version="1", device="cpu", seed=SEED, train_s=0, split={},
        trained_on={"nothing": "modelled in code (bake/scenes.py), lit by Mitsuba 3"},
        measures={"bytes": sum(path.stat().st_size for path in FOLDER.glob("*.webp")), "scenes": len(ROOMS)},
        made_by="python bake/scenes.py", said="no photo, no trained model",
    )  # fmt: skip


if __name__ == "__main__":
    main()
