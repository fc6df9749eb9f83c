"""From a product's design to its picture: backdrop, drawing, frame of light; many at once in a few processes."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image

from bottega.datasets.demo_store import (
    shapes_clothing,
    shapes_goods,
    shapes_home,
    shapes_kitchen,
    shapes_packets,
    shapes_plants,
)
from bottega.datasets.demo_store.canvas import SIZE, Canvas, Field, mix, rgb
from bottega.datasets.demo_store.look import WHITE, Look
from bottega.datasets.demo_store.styles import COLOURS
from bottega.errors import CrewUnavailable
from bottega.parallel.crew import HERE, Crew, in_order
from bottega.progress import Progress, silent

__all__ = ["DRAWINGS", "Design", "contact_sheet", "draw", "draw_all"]

_ROOMS = (shapes_clothing, shapes_goods, shapes_home, shapes_kitchen, shapes_packets, shapes_plants)

DRAWINGS: dict[str, Callable[[Canvas, Look], None]] = {
    name: getattr(room, name) for room in _ROOMS for name in room.__all__
}
"""Every drawing by name."""

_FLAT = {*shapes_clothing.__all__, "phone_cover", "poster"}


@dataclass(frozen=True, slots=True)
class Design:
    """What a picture shows: a drawing, three colour names, a pattern, a motif, a backdrop, and a seed for the rest."""

    drawing: str
    colours: tuple[str, str, str]
    pattern: str
    motif: str
    backdrop: str
    brand: str
    name: str
    seed: int
    details: dict[str, str] = field(default_factory=dict)


@lru_cache(maxsize=64)
def _backdrop(colour: str, standing: bool) -> Field:
    """A studio wall (and a table for things that stand), lit from the upper left, darker in the corners."""
    y, x = np.mgrid[0:SIZE, 0:SIZE].astype(np.float32) / SIZE
    base = rgb(colour)
    light = 1.03 - 0.16 * np.hypot(x - 0.38, y - 0.34)
    if standing:
        floor = 1 / (1 + np.exp(-(y - 0.79) * 26))
        pixels = mix(base, WHITE, 0.1)[None, None] * light[..., None]
        table = mix(base, WHITE, 0.3)[None, None] * (1.02 - 0.1 * np.abs(x - 0.45))[..., None]
        pixels = pixels * (1 - floor[..., None]) + table * floor[..., None]
    else:
        pixels = mix(base, WHITE, 0.12)[None, None] * light[..., None]
    return np.asarray(np.clip(pixels, 0, 1), dtype=np.float32)


@lru_cache(maxsize=1)
def _grain() -> Field:
    """A little noise, so that smooth walls do not show bands, and half a step for rounding."""
    return (np.random.default_rng(0).standard_normal((SIZE, SIZE, 1), dtype=np.float32) * 1.5 + 0.5).astype(np.float32)


def draw(design: Design) -> Image.Image:
    """The picture of a design, RGB, `SIZE` pixels square. The same design gives the same picture."""
    rng = np.random.default_rng(design.seed)
    main, second, accent = (rgb(COLOURS[name]) for name in design.colours)
    look = Look(
        main, second, accent, design.pattern, design.motif, design.brand, design.name, rng, dict(design.details)
    )
    canvas = Canvas(_backdrop(design.backdrop, design.drawing not in _FLAT).copy())
    DRAWINGS[design.drawing](canvas, look)
    pixels = canvas.pixels * 255
    pixels += _grain()
    return Image.fromarray(np.clip(pixels, 0, 255, out=pixels).astype(np.uint8))


def _save(jobs: Sequence[tuple[Path, Design]], shared: None, progress: Progress) -> int:
    for path, design in jobs:
        buffer = io.BytesIO()
        draw(design).save(buffer, "JPEG", quality=86)
        path.write_bytes(buffer.getvalue())
    return len(jobs)


def draw_all(jobs: Sequence[tuple[Path, Design]], *, processes: int = 2, progress: Progress = silent) -> None:
    """Draw each design into its JPEG file, in `processes` processes (1: in this one)."""
    jobs = sorted(jobs, key=lambda job: job[1].drawing)  # neighbours share shapes, which are kept for a while
    parts = [jobs[i : i + 12] for i in range(0, len(jobs), 12)]
    done = 0

    def drawn(by: Crew) -> None:
        nonlocal done
        for count in in_order(_save, parts[done // 12 :], None, by, task="drawing"):
            done += count
            progress("drawing pictures", done, len(jobs))

    try:
        drawn(Crew(processes))
    except CrewUnavailable:  # no main module to start from, as in an interactive session: the rest is drawn here
        drawn(HERE)


def contact_sheet(folder: Path, columns: int = 10, *, px: int = 160, limit: int = 200) -> Image.Image:
    """The pictures of a folder side by side, by name, `px` pixels each."""
    paths = sorted(p for p in folder.iterdir() if p.suffix in (".jpg", ".png"))[:limit]
    rows = -(-len(paths) // columns)
    sheet = Image.new("RGB", (columns * px, max(rows, 1) * px), "white")
    for i, path in enumerate(paths):
        with Image.open(path) as picture:
            sheet.paste(picture.resize((px, px), Image.Resampling.LANCZOS), (i % columns * px, i // columns * px))
    return sheet
