"""Bodies, poses and fashion models: seconds, megabytes, key points, and a sheet to look at; page: bodies.md.

    python benchmarks/bodies.py [--sheet FILE] [--json]

The seconds are of the processor, on one core, after the kernels were compiled; the median of all pictures of the sheet.
"""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Annotated, Any

import numpy as np
import typer
from PIL import Image

from bottega.datasets.photos.provenance import SourceType, packet_of
from bottega.models.studio.bodies.body import FOLDER, body, body_names, build
from bottega.models.studio.bodies.fashion_models import on_call, shown
from bottega.models.studio.bodies.figure import KEY_POINTS
from bottega.models.studio.bodies.poses import pose, pose_names
from bottega.models.studio.bodies.skinning import posed
from common import machine, peak_mb

SHEET_MODELS = (
    "ada", "bela", "carmen", "daichi", "edda", "femi", "gita", "henrik", "imani", "jonas", "kaya", "remy",
)  # fmt: skip
SHEET_POSES = ("standing", "hand_on_hip", "walking_left", "seated")
SHEET_PX = (192, 256)


def main(
    sheet: Annotated[Path | None, typer.Option(help="Where to write twelve models in four poses.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object as the last line.")] = False,
) -> None:
    started = time.process_time()
    shown(on_call()["ada"])
    first_s = time.process_time() - started
    skin_s, picture_s, seen, inside, pictures = [], [], 0, 0, []
    for name in SHEET_MODELS:
        for pose_name in SHEET_POSES:
            model = on_call()[name]
            mesh, told = body(model.body), pose(pose_name)
            started = time.process_time()
            posed(mesh, told)
            skin_s.append(time.process_time() - started)
            started = time.process_time()
            found = shown(model, pose_name=pose_name)
            picture_s.append(time.process_time() - started)
            seen += sum(point.visible for point in found.key_points)
            inside += sum(bool(found.alpha[int(point.y), int(point.x)] > 0) for point in found.key_points)
            pictures.append(found.photo)
    again = shown(on_call()["ada"], pose_name="standing")
    volumes, thinnest = _volumes()
    told_all: dict[str, Any] = {
        "bodies": len(body_names()),
        "under_18": sum(not build(name).grown for name in body_names()),
        "poses": len(pose_names()),
        "models": len(on_call()),
        "file_mb": round((FOLDER / "bodies.npz").stat().st_size / 1e6, 2),
        "first_s": round(first_s, 2),
        "skin_ms": round(median(skin_s) * 1000, 1),
        "picture_s": round(median(picture_s), 2),
        "peak_mb": round(peak_mb()),
        "same": bool(np.array_equal(again.photo, pictures[0])),
        "key_points_inside": round(inside / len(pictures) / len(KEY_POINTS), 4),
        "key_points_seen": round(seen / len(pictures) / len(KEY_POINTS), 4),
        "volume_kept": volumes,
        "thinnest": thinnest,
    }
    if sheet is not None:
        _write_sheet(sheet, pictures)
    if as_json:
        print(json.dumps(told_all))
        return
    print(machine())
    print("\n| | |\n|---|---|")
    for name, value in told_all.items():
        print(f"| {name} | {value} |")


def _volumes() -> tuple[float, str]:
    """The least share of its volume that a body keeps in any pose, and in which."""
    mesh = body("woman_28")
    kept = {
        name: replace(mesh, vertices=posed(mesh, pose(name)).vertices).volume / mesh.volume for name in pose_names()
    }
    least = min(kept, key=lambda name: kept[name])
    return round(kept[least], 3), least


def _write_sheet(file: Path, pictures: list[np.ndarray[Any, Any]]) -> None:
    width, height = SHEET_PX
    columns = 12
    out = Image.new("RGB", (width * columns, height * -(-len(pictures) // columns)), "white")
    for at, picture in enumerate(pictures):
        model, step = divmod(at, len(SHEET_POSES))
        place = (width * (model % columns), height * (step + len(SHEET_POSES) * (model // columns)))
        out.paste(Image.fromarray(picture).resize(SHEET_PX, Image.Resampling.LANCZOS), place)
    out.save(file, quality=90, xmp=packet_of(SourceType.DRAWN))


if __name__ == "__main__":
    typer.run(main)
