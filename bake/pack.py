"""Pack what was baked into `src/bottega/models/studio/prints/baked/`: a file a thing, and one card.

The marks are points of the thing's own mesh, brought to pixels by the camera alone: they owe nothing to the renderer
or to the map, so benchmarks/print_on.py can hold both to them.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from typing import Any

import numpy as np
from bake import SEED, posed
from meshes import Mesh
from things import THINGS, Camera

from bottega.models.blocks.cards import write_card
from bottega.models.studio.prints.printed import PRINTED
from bottega.models.studio.prints.templates import FOLDER, packed

MARKS = 24


def pixels_of(points: np.ndarray, camera: Camera, px: int) -> np.ndarray:
    """Where points [N, 3] lie on the picture, x and y in pixels from its corner."""
    eye, target, up = (np.asarray(each, float) for each in (camera.eye, camera.target, camera.up))
    ahead = (target - eye) / np.linalg.norm(target - eye)
    side = np.cross(ahead, up)
    side /= np.linalg.norm(side)
    above = np.cross(side, ahead)
    seen = points - eye
    half = np.tan(np.radians(camera.fov) / 2)
    x, y = seen @ side / (seen @ ahead) / half, seen @ above / (seen @ ahead) / half
    return np.stack([(1 + x) * px / 2, (1 - y) * px / 2], 1)


def marks_of(slots: list[Mesh], camera: Camera, layers: Any) -> np.ndarray:
    """Points of the slot that can be seen, spread over it: u, v, x, y [M, 4]."""
    uv = np.concatenate([mesh.uv for mesh in slots])
    points = np.concatenate([mesh.points for mesh in slots])
    px = layers["u"].shape[0]
    at = pixels_of(points, camera, px)
    column, row = (at - 0.5).round().astype(int).clip(2, px - 3).T
    whole = np.min([layers["covered"][row + i, column + j] for i in (-2, 0, 2) for j in (-2, 0, 2)], 0) == 1
    near = np.hypot(layers["u"][row, column] - uv[:, 0], layers["v"][row, column] - uv[:, 1]) < 0.02
    inner = np.all((uv > 0.06) & (uv < 0.94), 1) & whole & near
    cells = np.floor(uv[inner] * 5).astype(int)
    _, first = np.unique(cells[:, 0] * 5 + cells[:, 1], return_index=True)
    return np.concatenate([uv[inner], at[inner]], 1)[first[:MARKS]]


def main() -> None:
    raw = Path(sys.argv[1])
    FOLDER.mkdir(exist_ok=True)
    seconds, spp, bytes_ = {}, set(), {}
    for name, printed in PRINTED.items():
        if not all((raw / f"{name}-{angle}.npz").exists() for angle in printed.angles):
            print(name, "is not baked: its file stays as it is")
            continue
        kept: dict[str, np.ndarray] = {}
        thing = THINGS[name]()
        for angle in printed.angles:
            with np.load(raw / f"{name}-{angle}.npz") as layers:
                said = ast.literal_eval(str(layers["said"]))
                parts = packed(
                    layers["u"], layers["v"], layers["covered"], layers["light"], layers["shine"], printed.base
                )
                kept |= {f"{angle}_{layer}": each for layer, each in parts.items()}
                slots, _ = posed(thing, thing.cameras[angle])
                kept[f"{angle}_marks"] = marks_of(slots, thing.cameras[angle], layers).astype(np.float32)
                seconds[f"{name}/{angle}"] = said["seconds"]
                spp.add(said["spp"] * 4)
        np.savez(FOLDER / f"{name}.npz", **kept)
        bytes_[name] = (FOLDER / f"{name}.npz").stat().st_size
        print(name, bytes_[name], {k: len(v) for k, v in kept.items()})
    write_card(
        FOLDER, name="templates", version="1", device="cpu", seed=SEED, train_s=sum(seconds.values()),
        split={},
        trained_on={"nothing": "modelled in code (bake/things/), lit by Mitsuba 3 (bake/bake.py)"},
        measures={"bytes": sum(bytes_.values()), "angles": len(seconds)},
        paths_a_pixel=sorted(spp), bytes=bytes_,
        made_by="python bake/bake.py && python bake/pack.py bake/raw",
        said="compositeSynthetic: no photo, no trained model",
    )  # fmt: skip


if __name__ == "__main__":
    main()
