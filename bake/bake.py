"""Bake the templates: each thing from three angles, lit once, as a map of the print and two layers of light.

Idea     A picture on a thing is light: what a pixel shows is `shine + picture * light`, where `light` is what the slot
         gives back for each unit of what is printed there, and `shine` all the rest (reflections, the thing, the
         paper behind it). Both come from two renderings with one seed, of a black and of a white slot. The map (u, v)
         is the mean of 16 rays a pixel, so that edges are soft and the map exact.
Source   Mitsuba 3, https://mitsuba.readthedocs.io (a path tracer, BSD); edge-avoiding wavelets after Dammertz et al.
         2010 take out what grain is left, led by normals, depth and parts, which are without grain.
Run      `pip install bottega[bake]`, then `python bake/bake.py [NAME...]` from the repository's root. Mitsuba finds
         LLVM 15 or newer by DRJIT_LIBLLVM_PATH; without it, `--variant scalar_rgb` takes four times as long.
Costs    About two minutes an angle on two cores.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import drjit
import mitsuba as mi
import numba
import numpy as np
from meshes import Mesh, grid, moved, rotation
from scipy.ndimage import gaussian_filter, percentile_filter, uniform_filter
from things import THINGS, Camera, Thing

PX = int(os.environ.get("PX", "800"))
SUB = 4
"""Rays a pixel and axis for the map."""
SEED = 1


def rgb(*light: float) -> dict[str, Any]:
    return {"type": "rgb", "value": list(light) if len(light) > 1 else [light[0]] * 3}


def surface(kind: str, albedo: float) -> dict[str, Any]:
    """What a part is made of. Only `albedo` differs between the two renderings, and it counts in proportion."""
    grey = rgb(albedo)

    def plastic(alpha: float, reflectance: float = 1.0) -> dict[str, Any]:
        return {"type": "roughplastic", "distribution": "ggx", "alpha": alpha, "nonlinear": False,
                "diffuse_reflectance": grey, "specular_reflectance": rgb(reflectance)}  # fmt: skip

    return {
        "glaze": lambda: plastic(0.06),
        "shell": lambda: plastic(0.22),
        "print": lambda: plastic(0.28, 0.5),
        "cotton": lambda: {"type": "diffuse", "reflectance": grey},
    }[kind]()


MADE_OF: dict[str, dict[str, Any]] = {
    "pad": {"type": "roughplastic", "alpha": 0.4, "diffuse_reflectance": rgb(0.055, 0.055, 0.06)},
    "dark": {"type": "roughplastic", "alpha": 0.2, "diffuse_reflectance": rgb(0.03, 0.03, 0.034)},
    "lens": {"type": "roughplastic", "alpha": 0.05, "diffuse_reflectance": rgb(0.008, 0.009, 0.014)},
    "metal": {"type": "roughconductor", "material": "Al", "alpha": 0.22},
    "wood": {"type": "roughplastic", "alpha": 0.25, "diffuse_reflectance": rgb(0.52, 0.34, 0.19)},
    "paper": {"type": "diffuse", "reflectance": rgb(0.88, 0.88, 0.88)},
}  # fmt: skip
BASE = {"glaze": 0.86, "shell": 0.9, "cotton": 0.84, "canvas": 0.76, "linen": 0.82, "print": 0.88}
CLOTH = {"canvas": "cotton", "linen": "cotton"}


def posed(thing: Thing, camera: Camera) -> tuple[list[Mesh], list[tuple[str, Mesh]]]:
    """The thing as it stands or lies for one picture."""
    parts = [("", mesh) for mesh in thing.slot] + thing.parts
    if camera.tip is not None:
        tipped = [moved(mesh, rotation(x=camera.tip)) for _, mesh in parts]
        lowest = min(float(mesh.points[:, 2].min()) for mesh in tipped)
        middle = np.mean([mesh.points.mean(0) for mesh in tipped[: len(thing.slot)]], 0)
        parts = [
            (kind, moved(mesh, by=(-middle[0], -middle[1], -lowest)))
            for (kind, _), mesh in zip(parts, tipped, strict=True)
        ]
    turned = [(kind, moved(mesh, rotation(z=camera.turn))) for kind, mesh in parts]
    slots = len(thing.slot)
    return [mesh for _, mesh in turned[:slots]], turned[slots:]


def as_shape(mesh: Mesh, bsdf: dict[str, Any], folder: Path, name: str) -> dict[str, Any]:
    """A mesh as Mitsuba loads it."""
    path = folder / f"{name}.ply"
    head = (
        f"ply\nformat binary_little_endian 1.0\nelement vertex {len(mesh.points)}\n"
        + "".join(f"property float {each}\n" for each in ("x", "y", "z", "nx", "ny", "nz", "u", "v"))
        + f"element face {len(mesh.faces)}\nproperty list uchar int vertex_indices\nend_header\n"
    )
    rows = np.concatenate([mesh.points, mesh.normals, mesh.uv], 1).astype("<f4")
    faces = np.empty(len(mesh.faces), [("n", "u1"), ("at", "<i4", 3)])
    faces["n"], faces["at"] = 3, mesh.faces
    path.write_bytes(head.encode() + rows.tobytes() + faces.tobytes())
    return {"type": "ply", "filename": str(path), "id": name, "bsdf": {"type": "twosided", "material": bsdf}}


def room(thing: Thing, light_from: tuple[float, float, float], scale: float) -> dict[str, Any]:
    """Paper-white sweep behind and below, one large soft light, a fill from the other side, an even sky."""
    white = {"type": "diffuse", "reflectance": rgb(0.9, 0.9, 0.9)}
    wide = 14 * scale
    turn = 0.0 if thing.wall == 0.0 else 0.9 * scale
    wall = thing.wall + turn
    angle = np.linspace(0, np.pi / 2, 24)
    sweep = np.concatenate([
        [[-wide, 0.0]], np.stack([wall - turn + turn * np.sin(angle), turn - turn * np.cos(angle)], 1), [[wall, wide]]
    ])  # fmt: skip
    xs = np.array([-wide, wide])
    points = np.stack([np.stack([np.full(len(sweep), x), sweep[:, 0], sweep[:, 1]], 1) for x in xs])

    key, fill = np.array(light_from), np.array(light_from) * [-1.15, 1.0, 0.7]
    size = thing.more.get("light", scale * 0.62)
    middle = (0.0, 0.0, 0.3 * scale)

    def lamp(at: np.ndarray, radiance: float, half: float) -> dict[str, Any]:
        up = [0, 0, 1] if abs(at[0]) + abs(at[1]) > 1 else [0, 1, 0]
        place = mi.ScalarTransform4f().look_at(at.tolist(), middle, up) @ mi.ScalarTransform4f().scale([half, half, 1])
        return {"type": "rectangle", "to_world": place, "emitter": {"type": "area", "radiance": rgb(radiance)}}

    far = float(np.linalg.norm(key)) ** 2 / size**2
    return {
        "sweep": (grid(points), white),
        "key": lamp(key, 0.75 * far, size),
        "fill": lamp(fill, 0.10 * far, size * 1.3),
        "sky": {"type": "constant", "radiance": rgb(0.34)},
    }


def scene_of(thing: Thing, camera: Camera, albedo: float, spp: int, folder: Path) -> Any:
    """The scene with a slot of this albedo."""
    slots, parts = posed(thing, camera)
    everything = np.concatenate([mesh.points for mesh in [*slots, *(mesh for _, mesh in parts)]])
    scale = float(np.ptp(everything, axis=0).max())
    around = room(thing, camera.light or thing.light_from, scale)
    scene: dict[str, Any] = {"type": "scene", "integrator": {"type": "path", "max_depth": 6, "hide_emitters": True}}
    mesh, white = around.pop("sweep")
    scene |= around | {"sweep": as_shape(mesh, white, folder, "sweep")}
    for number, part in enumerate(slots):
        made = surface(CLOTH.get(thing.surface, thing.surface), albedo)
        scene[f"slot{number}"] = as_shape(part, made, folder, f"slot{number}")
    for number, (kind, part) in enumerate(parts):
        made = surface(CLOTH.get(kind, kind), BASE[kind]) if kind in BASE else MADE_OF[kind]
        scene[f"part{number}"] = as_shape(part, made, folder, f"part{number}")
    scene["camera"] = {
        "type": "perspective", "fov": camera.fov,
        "to_world": mi.ScalarTransform4f().look_at(list(camera.eye), list(camera.target), list(camera.up)),
        "film": {"type": "hdrfilm", "width": 2 * PX, "height": 2 * PX, "rfilter": {"type": "box"},
                 "pixel_format": "rgb"},
        "sampler": {"type": "multijitter", "sample_count": spp},
    }  # fmt: skip
    return mi.load_dict(scene, optimize=False)


def rays(scene: Any, px: int, sub: int) -> dict[str, np.ndarray]:
    """Of every pixel: how much of it is slot, the mean map there, and what leads the filter: normal, depth, part."""
    sensor = scene.sensors()[0]
    rows, columns = np.divmod(np.arange(px * px), px)
    covered, u, v = np.zeros(px * px), np.zeros(px * px), np.zeros(px * px)
    normal, depth, part = np.zeros((px * px, 3)), np.zeros(px * px), np.zeros(px * px)
    point2 = mi.Point2f
    for i in range(sub):
        for j in range(sub):
            at = point2(mi.Float((columns + (j + 0.5) / sub) / px), mi.Float((rows + (i + 0.5) / sub) / px))
            ray, _ = sensor.sample_ray(0.0, 0.5, at, point2(0.5))
            hit = scene.ray_intersect(ray)
            index = np.array(hit.shape_index if hasattr(hit, "shape_index") else 0)
            number = np.zeros(px * px)
            for k, shape in enumerate(scene.shapes()):
                same = np.array(hit.shape == mi.ShapePtr(shape))
                number[same] = k + 1 if not shape.id().startswith("slot") else -1
            on = number == -1
            uv = np.array(hit.uv).reshape(2, -1)
            covered += on
            u += np.where(on, uv[0], 0)
            v += np.where(on, uv[1], 0)
            valid = number != 0
            normal += np.where(valid, np.array(hit.sh_frame.n).reshape(3, -1), 0).T
            depth += np.where(valid, np.array(hit.t), 0)
            part += np.where(number == -1, 97.0, number * 7)
            del index
    n = sub * sub
    some = np.maximum(covered, 1)
    flat = {
        "covered": covered / n,
        "u": u / some,
        "v": v / some,
        "normal": normal / n,
        "depth": depth / n,
        "part": part / n,
    }
    return {name: each.reshape(px, px, *each.shape[1:]) for name, each in flat.items()}


def smoothed(light: np.ndarray, lead: dict[str, np.ndarray], steps: int = 5) -> np.ndarray:
    """Without grain: an edge-avoiding wavelet filter. `light` [H, W, 3]."""
    bright = light.max(2)
    most = percentile_filter(bright, 75, size=3) * 1.15 + 0.01  # a path that hit a lamp by chance is no light
    result = (light * np.minimum(1.0, most / np.maximum(bright, 1e-9))[..., None]).astype(np.float32)
    depth = lead["depth"].astype(np.float32)
    slope = (np.hypot(*np.gradient(depth)) + 1e-4 * depth.mean()).astype(np.float32)
    normal, part = lead["normal"].astype(np.float32), lead["part"].astype(np.float32)
    for level in range(steps):
        luminance = result.mean(2)
        reach = 4 * 2**level + 1
        spread = np.maximum(uniform_filter(luminance**2, reach) - uniform_filter(luminance, reach) ** 2, 0)
        local = np.sqrt(spread) * (1.6 if level == 0 else 1.1) + 0.004
        result = _step(result, luminance, local, normal, depth, slope, part, 2**level)
    return result


@numba.njit(fastmath=True)  # type: ignore[misc]
def _step(light, luminance, local, normal, depth, slope, part, step):  # type: ignore[no-untyped-def]
    height, width = luminance.shape
    taps = np.array([1, 4, 6, 4, 1], np.float32) / 16
    out = np.empty_like(light)
    for y in range(height):
        for x in range(width):
            red = green = blue = weight = np.float32(0)
            for i in range(-2, 3):
                v = y + i * step
                if v < 0 or v >= height:
                    continue
                for j in range(-2, 3):
                    u = x + j * step
                    if u < 0 or u >= width or abs(part[v, u] - part[y, x]) > 0.5:
                        continue
                    facing = (
                        normal[y, x, 0] * normal[v, u, 0]
                        + normal[y, x, 1] * normal[v, u, 1]
                        + normal[y, x, 2] * normal[v, u, 2]
                    )
                    if facing <= 0:
                        continue
                    apart = luminance[v, u] - luminance[y, x]
                    away = np.sqrt(np.float32(i * i + j * j)) * step
                    near = abs(depth[v, u] - depth[y, x]) / (slope[y, x] * (away + 0.5) * 1.5 + 1e-9)
                    w = taps[i + 2] * taps[j + 2] * facing**90
                    w *= np.exp(-apart * apart / (2 * local[y, x] * local[y, x]) - near)
                    red += w * light[v, u, 0]
                    green += w * light[v, u, 1]
                    blue += w * light[v, u, 2]
                    weight += w
            for c in range(3):
                out[y, x, c] = light[y, x, c] if weight < 1e-6 else (red, green, blue)[c] / weight
    return out


def halved(field: np.ndarray) -> np.ndarray:
    """The mean of every 2 x 2."""
    return field.reshape(PX, 2, PX, 2, *field.shape[2:]).mean((1, 3))


def bake(name: str, angle: str, spp: int, folder: Path) -> dict[str, np.ndarray]:
    """The layers of one thing from one angle, in linear light."""
    thing = THINGS[name]()
    camera = thing.cameras[angle]
    top = 0.8
    black = scene_of(thing, camera, 0.0, spp, folder)
    said, lead = rays(black, PX, SUB), rays(black, 2 * PX, 2)
    dark = np.array(mi.render(black, spp=spp, seed=SEED))[..., :3]
    del black
    bright = np.array(mi.render(scene_of(thing, camera, top, spp, folder), spp=spp, seed=SEED))[..., :3]
    on = lead["covered"][..., None] > 0
    # What the white slot throws onto everything else stays, as from a slot of its own base.
    outside = dark + (bright - dark) * (BASE[thing.surface] / top)
    shine = smoothed(np.where(on, dark, outside), lead)
    light = smoothed(np.where(on, np.maximum(bright - dark, 0) / top, 0), lead)
    far = lead["part"] == lead["part"][2, 2]
    gain = 1.0 / np.median(shine[far].mean(1))
    threads = np.ones((PX, PX))
    if thing.grain:
        fine = gaussian_filter(np.random.default_rng(SEED).standard_normal((PX, PX)), 0.6)
        threads = 1 + thing.grain * fine / fine.std()
    covered = said["covered"] > 0
    shine, light = halved(shine) * gain, halved(light).mean(2) * gain
    cloth = np.where(halved(far.astype(float)) > 0, 1.0, threads)[..., None]
    return {
        "u": said["u"], "v": said["v"], "covered": said["covered"],
        "shine": shine * cloth, "light": np.where(covered, light * threads, 0),
    }  # fmt: skip


def main() -> None:
    asked = argparse.ArgumentParser(description="Bake the templates.")
    asked.add_argument("names", nargs="*", default=list(THINGS))
    asked.add_argument("--spp", type=int, default=9, help="Paths for each quarter of a pixel.")
    asked.add_argument("--variant", default="llvm_ad_rgb")
    asked.add_argument("--threads", type=int, default=2)
    asked.add_argument("--out", type=Path, default=Path("bake/raw"))
    asked.add_argument("--angle")
    given = asked.parse_args()
    mi.set_variant(given.variant)
    drjit.set_thread_count(given.threads)
    given.out.mkdir(parents=True, exist_ok=True)
    for name in given.names:
        for angle in THINGS[name]().cameras:
            if (given.angle and angle != given.angle) or (given.out / f"{name}-{angle}.npz").exists():
                continue  # what was baked before is kept: a run that was ended goes on where it was
            started = time.process_time()
            with tempfile.TemporaryDirectory() as folder:
                layers = bake(name, angle, given.spp, Path(folder))
            seconds = time.process_time() - started
            said = {"seconds": seconds, "spp": given.spp, "when": datetime.now(UTC).isoformat(timespec="seconds")}
            np.savez(
                given.out / f"{name}-{angle}.npz",
                **{k: np.asarray(each, np.float32) for k, each in layers.items()},
                said=str(said),
            )
            print(name, angle, round(seconds), "s", flush=True)


if __name__ == "__main__":
    main()
