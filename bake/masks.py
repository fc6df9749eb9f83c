"""Which pixels of a baked template are cloth, from the meshes and the camera alone; put into the files that ship.

Run      `python bake/masks.py` from the repository's root, after pack.py.
Costs    Some seconds an angle.
"""

from __future__ import annotations

import numpy as np
from bake import CLOTH, PX, posed
from meshes import Mesh
from pack import pixels_of
from PIL import Image, ImageDraw
from things import THINGS, Camera, Thing

from bottega.models.studio.prints.printed import PRINTED
from bottega.models.studio.prints.templates import FOLDER, packed_cloth

_FINE = 3
"""Times as large as the picture it is drawn, so that its edges are soft."""
_CLOTHS = {"cotton", *CLOTH}


def cloth_of(thing: Thing, camera: Camera) -> np.ndarray:
    """How much of each pixel [PX, PX] shows cloth: triangles drawn from the farthest to the nearest."""
    slots, parts = posed(thing, camera)
    pieces: list[tuple[int, Mesh]] = [(255, mesh) for mesh in slots]
    pieces += [(255 if kind in _CLOTHS else 0, mesh) for kind, mesh in parts]
    eye, target = np.asarray(camera.eye, float), np.asarray(camera.target, float)
    ahead = (target - eye) / np.linalg.norm(target - eye)
    corners, depths, values = [], [], []
    for value, mesh in pieces:
        at = pixels_of(mesh.points, camera, PX * _FINE)
        corners.append(at[mesh.faces].reshape(-1, 6))
        depths.append(((mesh.points - eye) @ ahead)[mesh.faces].mean(1))
        values.append(np.full(len(mesh.faces), value))
    order = np.argsort(-np.concatenate(depths), kind="stable")
    canvas = Image.new("L", (PX * _FINE, PX * _FINE), 0)
    drawn = ImageDraw.Draw(canvas)
    for triangle, value in zip(
        np.concatenate(corners)[order].tolist(), np.concatenate(values)[order].tolist(), strict=True
    ):
        drawn.polygon(triangle, fill=value, outline=value)
    return np.asarray(canvas, np.float32).reshape(PX, _FINE, PX, _FINE).mean((1, 3)) / 255


def main() -> None:
    for name, printed in PRINTED.items():
        if not printed.cloth:
            continue
        with np.load(FOLDER / f"{name}.npz") as file:
            kept = {key: file[key] for key in file.files}
        thing = THINGS[name]()
        for angle in printed.angles:
            kept[f"{angle}_cloth"] = packed_cloth(cloth_of(thing, thing.cameras[angle]))
            print(name, angle, len(kept[f"{angle}_cloth"]), "bytes", flush=True)
        np.savez(FOLDER / f"{name}.npz", **kept)


if __name__ == "__main__":
    main()
