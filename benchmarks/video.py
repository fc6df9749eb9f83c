"""Product videos: whether clips loop, what a turn shows between its views, and how steady a video staged anew is held.

    python benchmarks/video.py [--most N] [--sheet FILE] [--no-ffmpeg]

Takes the photos in --data: views/ (objects from 16 sides at the height of the eye), fashion/large.zip.

loops     pan, zoom and turn of photos: the step from the last frame to the first, as a multiple of the largest other
between   of three views in a row the middle one is left out and made of its neighbours: PSNR to the one left out, by a
          fade, by drawing both towards each other along the motion between them, and by the nearest view alone
steady    products of real photos moved over a light, uneven ground whose light flickers, through a video file where
          ffmpeg is there: flicker of the masks and their overlap with the true ones, before and after the vote
"""

from __future__ import annotations

import tempfile
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from PIL import Image
from scipy import ndimage
from skimage.registration import optical_flow_ilk

from bottega.datasets.photos.provenance import SourceType, packet_of
from bottega.datasets.photos.reading import Photo, read_photo
from bottega.models.blocks.colours import foreground, is_plain
from bottega.models.studio.video.clip import as_webp
from bottega.models.studio.video.files import as_mp4, read_video
from bottega.models.studio.video.moves import Motion, between, frames_of, jump
from bottega.models.studio.video.staged import Staging, flicker, masks_of, motion, stage, steady
from bottega.names import BoolArray, FloatArray
from common import DATA, machine

SIDES = 16
"""Views of an object at the height of the eye."""


def objects_of(data: Path, most: int) -> list[list[Photo]]:
    """The views of so many objects, each in the order they lie round it."""
    with zipfile.ZipFile(data / "views" / "photos.zip") as packed:
        names = sorted(name for name in packed.namelist() if "-090-" in name)
        objects = sorted({name.rsplit("-", 2)[0] for name in names})
        chosen = np.random.default_rng(0).permutation(len(objects))[:most].tolist()
        found = [[name for name in names if name.startswith(f"{objects[row]}-")] for row in chosen]
        return [[read_photo(packed.read(name), name=name) for name in one] for one in found if len(one) == SIDES]


def products_of(data: Path, most: int) -> list[Photo]:
    with zipfile.ZipFile(data / "fashion" / "large.zip") as packed:
        names = sorted(packed.namelist())
        order = np.random.default_rng(1).permutation(len(names)).tolist()
        found: list[Photo] = []
        for row in order:
            if len(found) < most and is_plain(photo := read_photo(packed.read(names[row]), name=names[row])):
                found.append(photo)
        return found


def psnr(one: FloatArray, other: Photo) -> float:
    return float(10 * np.log10(255**2 / max(1e-9, np.square(one - other.astype(np.float32)).mean())))


def along_motion(one: Photo, other: Photo) -> FloatArray:
    """The middle between two views, each drawn half the way towards the other."""
    grey = [np.asarray(Image.fromarray(view).convert("L"), np.float32) / 255 for view in (one, other)]
    flows = [
        optical_flow_ilk(*pair, radius=6, num_warp=6, gaussian=True)  # type: ignore[no-untyped-call]
        for pair in (grey, grey[::-1])
    ]
    place = np.mgrid[: one.shape[0], : one.shape[1]].astype(np.float32)
    halves = [
        np.stack(
            [ndimage.map_coordinates(view[..., k], place - flow / 2, np.float32, 1, "nearest") for k in range(3)], 2
        )
        for view, flow in zip((one, other), flows, strict=True)
    ]
    return np.asarray((halves[0] + halves[1]) / 2, np.float32)


def moved_product(
    photo: Photo, rng: np.random.Generator, count: int = 24, px: int = 240
) -> tuple[list[Photo], BoolArray]:
    """A product of a photo moved over a light ground [count, px, px, 3], and where it truly is."""
    mask = foreground(photo)
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    box = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    scale = 0.55 * px / max(photo[box].shape[:2])
    size = round(photo[box].shape[1] * scale), round(photo[box].shape[0] * scale)
    small = np.asarray(Image.fromarray(photo[box]).resize(size, Image.Resampling.BOX), np.float32)
    alpha = np.asarray(Image.fromarray(mask[box].astype(np.uint8) * 255).resize(size, Image.Resampling.BOX), np.float32)
    slope = (
        np.linspace(-6, 6, px, dtype=np.float32)[None, :, None]
        + np.linspace(4, -4, px, dtype=np.float32)[:, None, None]
    )
    frames, truth = [], []
    for step in range(count):
        opacity, product = np.zeros((px, px, 1), np.float32), np.zeros((px, px, 3), np.float32)
        left, top = round(0.05 * px + 1.6 * step), round(0.2 * px + 0.05 * px * np.sin(step / 4))
        inside = slice(top, top + size[1]), slice(left, left + size[0])
        height, width = opacity[inside].shape[:2]
        opacity[inside], product[inside] = alpha[:height, :width, None] / 255, small[:height, :width]
        light = 1 + 0.02 * rng.normal()
        frame = (opacity * product + (1 - opacity) * (226 + slope)) * light + rng.normal(0, 3, (px, px, 3))
        frames.append(frame.clip(0, 255).astype(np.uint8))
        truth.append(opacity[..., 0] > 0.5)
    return frames, np.stack(truth)


def overlap(masks: BoolArray, truth: BoolArray) -> float:
    return float((masks & truth).sum() / (masks | truth).sum())


def loops(photos: Sequence[Photo], objects: Sequence[Sequence[Photo]]) -> None:
    typer.echo(
        "| clip of 3 s, 480 px, 15 frames a second | largest jump | mean kB | ms of one core |\n|---|---|---|---|"
    )
    some = range(SIDES // 2 + 1)
    kinds: dict[str, list[tuple[Sequence[Photo], Motion, bool]]] = {
        "zoom": [([photo], "zoom", False) for photo in photos],
        "pan": [([photo], "pan", False) for photo in photos],
        "turn, all 16 sides": [(views, "turn", True) for views in objects],
        "turn, 9 sides, there and back": [([views[k] for k in some], "turn", False) for views in objects],
    }
    for name, asked in kinds.items():
        started, jumps, sizes = time.process_time(), [], []
        for given, move, closed in asked:
            frames = list(frames_of(given, move, 45, (480, 480), closed=closed))
            jumps.append(jump(frames))
            sizes.append(len(as_webp(frames, 15, most_bytes=2_000_000).content) / 1000)
        spent = (time.process_time() - started) / max(1, len(asked)) * 1000
        typer.echo(f"| {name} | {max(jumps):.2f} | {np.mean(sizes):.0f} | {spent:.0f} |")


def left_out(objects: Sequence[Sequence[Photo]]) -> None:
    found = []
    for views in objects:
        for middle in range(1, SIDES - 1, 4):
            one, true, other = views[middle - 1], views[middle], views[middle + 1]
            ways = between(one, other, 0.5).astype(np.float32), along_motion(one, other), one.astype(np.float32)
            found.append([psnr(way, true) for way in ways])
    means = np.mean(found, 0)
    wins = float(np.mean([row[1] > row[0] for row in found]))
    typer.echo(
        f"\n{len(found)} views left out: PSNR {means[0]:.2f} dB by a fade, {means[1]:.2f} along the motion (better "
        f"than the fade in {wins:.2f} of them), {means[2]:.2f} by the nearest view.\n"
    )


def held(photos: Sequence[Photo], through_file: bool, sheet: Path | None) -> None:
    rng, rows, shown = np.random.default_rng(0), [], []
    for photo in photos:
        frames, truth = moved_product(photo, rng)
        if through_file:
            with tempfile.TemporaryDirectory() as folder:
                (Path(folder) / "a.mp4").write_bytes(as_mp4(frames, 12).content)
                frames = list(read_video(Path(folder) / "a.mp4").frames)
        masks = masks_of(frames, foreground)
        if masks is None:
            continue
        moves = motion(frames, masks)
        voted = np.asarray(steady(masks, moves) > 0.5)
        rows.append([flicker(masks, moves), flicker(voted, moves), overlap(masks, truth), overlap(voted, truth)])
        rows[-1] += [flicker(truth, moves)]
        started = time.process_time()
        staged = stage(frames, 12, Staging((255, 255, 255), (45.0, -20.0, -18.0), "square"), foreground)
        rows[-1] += [(time.process_time() - started) / len(frames) * 1000]
        if staged is not None:
            shown += [_row(frames), _row(staged.frames)]
    found = np.array(rows)
    typer.echo(
        f"{len(rows)} products moved through {'a video file' if through_file else 'frames alone'}: flicker "
        f"{found[:, 0].mean():.4f} before the vote, {found[:, 1].mean():.4f} after it, less in "
        f"{(found[:, 1] < found[:, 0]).sum()} of {len(rows)} (the true masks, moved by the motion that was measured: "
        f"{found[:, 4].mean():.4f}); overlap with the true masks {found[:, 2].mean():.4f} before, "
        f"{found[:, 3].mean():.4f} after. {found[:, 5].mean():.0f} ms a frame of 240 x 240."
    )
    if sheet is not None:
        Image.fromarray(np.concatenate(shown)).save(sheet, xmp=packet_of(SourceType.COMPOSED))


def _row(frames: Sequence[Photo]) -> Photo:
    chosen = [Image.fromarray(frames[k]).resize((160, 160)) for k in range(0, len(frames), max(1, len(frames) // 8))][
        :8
    ]
    return np.concatenate([np.asarray(one) for one in chosen], axis=1)


def main(
    data: Annotated[Path, typer.Option(help="Folder of the public data sets.")] = DATA,
    most: Annotated[int, typer.Option(help="Photos and objects.")] = 10,
    sheet: Annotated[Path | None, typer.Option(help="A sheet of videos before and after, as WebP.")] = None,
    no_ffmpeg: Annotated[bool, typer.Option("--no-ffmpeg", help="No video file between.")] = False,
) -> None:
    if not (data / "views").exists() or not (data / "fashion").exists():
        typer.echo(f"{data} has no views/ and fashion/: give the folder of the public data sets as --data.")
        raise typer.Exit(1)
    typer.echo(f"{machine()}\n")
    photos, objects = products_of(data, most), objects_of(data, most)
    loops(photos[: max(2, most // 3)], objects[: max(2, most // 3)])
    left_out(objects)
    held(photos, not no_ffmpeg, sheet)


if __name__ == "__main__":
    typer.run(main)
