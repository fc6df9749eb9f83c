"""Judges prints and songs as pictures: exactness of the map, speed, and whether a song is found; page: print_on.md.

    python benchmarks/print_on.py [--songs FOLDER] [--own FOLDER] [--json]

Round trip: a smooth pattern is printed, the preview without its light is read back through the map, and both are
compared where the print is seen. Marks: corners of a checkerboard are printed at points of the thing's own mesh, and
looked for in the finished preview; where they should be, the camera alone said when the thing was modelled. Songs: the
distance of two pictures is the mean difference (CIE Lab) of their 16 x 16 thumbnails; that of two sounds comes from
song_sounds.py, which shares no code with what paints.
"""

from __future__ import annotations

import hashlib
import io
import json
import time
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray
from PIL import Image
from scipy.interpolate import griddata
from scipy.ndimage import gaussian_filter
from scipy.spatial import cKDTree
from scipy.stats import spearmanr
from skimage.color import rgb2lab

from bottega.actions.studio.prints.own_photo import printed_on
from bottega.datasets.photos.catalogue import PhotoCatalogue
from bottega.datasets.photos.kept_aside import lines_split
from bottega.datasets.photos.masks import PARTS, LabelMap
from bottega.datasets.photos.reading import Photo, read_photo
from bottega.models.studio.prints.lit import levels_of, lit
from bottega.models.studio.prints.print_on import Placement, preview, print_file
from bottega.models.studio.prints.printed import DPI, PRINTED
from bottega.models.studio.prints.templates import Template, template
from bottega.models.studio.songs.song import hear
from bottega.models.studio.songs.song_art import paint
from bottega.models.vision.parts.parser import Parts
from common import machine
from song_sounds import WEIGHTS, drawn_songs, files_of, halves, recoded, sound_features

Floats = NDArray[np.float64]
ANGLES = [(name, angle) for name, printed in PRINTED.items() for angle in printed.angles]


def pattern(one: Template) -> NDArray[np.float32]:
    """A smooth pattern as large as a texture, of no brightness at which film would soften it."""
    longer = max(one.printed.width_mm, one.printed.height_mm)
    shape = round(one.printed.height_mm / longer * 1024), round(one.printed.width_mm / longer * 1024)
    rng = np.random.default_rng(5)
    rough = gaussian_filter(rng.normal(size=(*shape, 3)), (22, 22, 0), mode="nearest")
    return np.asarray((0.3 + 0.08 * rough / rough.std()).clip(0.05, 0.6), np.float32)


def round_trip_db(one: Template) -> float:
    """How near the pattern read back from a preview is to the one that was printed."""
    texture = pattern(one)
    unlit = np.ones_like(one.light), np.zeros_like(one.shine)
    flat = lit(one.covered, one.u, one.v, *unlit, *levels_of(texture))
    places = np.argwhere(one.covered == 1)
    places = places[np.random.default_rng(6).permutation(len(places))[:40_000]]
    i, j = places.T
    at = np.stack([one.v[i, j], one.u[i, j]], 1)
    rows, columns = np.mgrid[0.02:0.98:96j, 0.02:0.98:96j]
    back = griddata(at, flat[i, j].astype(float), (rows, columns))
    apart, _ = cKDTree(at).query(np.stack([rows, columns], 2))
    true = texture[(rows * texture.shape[0]).astype(int), (columns * texture.shape[1]).astype(int)]
    told = 255 * (1.055 * true ** (1 / 2.4) - 0.055)
    kept = (apart < 0.012) & ~np.isnan(back).any(2)
    assert kept.mean() > 0.15
    return float(20 * np.log10(255 / np.sqrt(np.mean((back - told)[kept] ** 2))))


def corners_px(name: str, angle: str) -> list[float]:
    """How far each mark, looked for in the finished preview, lies from where the camera says."""
    one = template(name, angle)
    longer = max(one.printed.width_mm, one.printed.height_mm)
    wide, tall = round(one.printed.width_mm / longer * 1024), round(one.printed.height_mm / longer * 1024)
    white = preview(Image.new("RGB", (wide, tall), (170, 170, 170)), name, angle, Placement()).astype(float).mean(2)
    away = []
    for u, v, x, y in one.marks[::2].tolist():
        columns, rows = np.meshgrid((np.arange(wide) + 0.5) / wide - u, (np.arange(tall) + 0.5) / tall - v)
        board = np.where((columns > 0) == (rows > 0), 60, 170).astype(np.uint8)
        shown = Image.fromarray(board).convert("RGB")
        seen = preview(shown, name, angle, Placement("fit")).astype(float).mean(2)
        ratio = gaussian_filter(seen / np.maximum(white, 1), 1.0)
        row, column = int(y), int(x)
        reach = 3
        i, j = np.mgrid[-reach : reach + 1, -reach : reach + 1].astype(float)
        values = ratio[row - reach : row + reach + 1, column - reach : column + reach + 1]
        if values.shape != i.shape or (one.covered[row - 4 : row + 5, column - 4 : column + 5] < 1).any():
            continue
        terms = np.stack([i * i, j * j, i * j, i, j, np.ones_like(i)], 2).reshape(-1, 6)
        a, b, c, d, e, _ = np.linalg.lstsq(terms, values.ravel(), rcond=None)[0]
        saddle = np.linalg.solve([[2 * a, c], [c, 2 * b]], [-d, -e])
        away.append(float(np.hypot(column + 0.5 + saddle[1] - x, row + 0.5 + saddle[0] - y)))
    return away


def prints() -> dict[str, Any]:
    """What is said of templates and print files."""
    rng = np.random.default_rng(0)
    photo = Image.fromarray(
        np.asarray(Image.fromarray(rng.integers(0, 255, (40, 60, 3), np.uint8)).resize((1500, 1000), 3))
    )
    black, white = (Image.new("RGB", (600, 400), (c, c, c)) for c in (0, 255))
    decibels: dict[str, float] = {}
    corners: list[float] = []
    outside, times = 0, []
    for name, angle in ANGLES:
        one = template(name, angle)
        decibels[f"{name}/{angle}"] = round(round_trip_db(one), 1)
        corners += corners_px(name, angle)
        dark, light = (preview(each, name, angle, Placement()).astype(int) for each in (black, white))
        outside = max(outside, int(np.abs(dark - light)[one.covered == 0].max()))
        for _ in range(5):
            started = time.process_time()
            preview(photo, name, angle, Placement("fill", rotate=5))
            times.append(1000 * (time.process_time() - started))
    sizes = {}
    for name, printed in PRINTED.items():
        with Image.open(io.BytesIO(print_file(photo, printed, Placement()).content)) as file:
            sizes[name] = [*file.size, round(file.info["dpi"][0])]
        mm = [side / DPI * 25.4 for side in sizes[name][:2]]
        assert abs(mm[0] - printed.width_mm - 2 * printed.bleed_mm) < 0.1
    return {
        "round_trip_db": decibels,
        "round_trip_db_least": min(decibels.values()),
        "corners": len(corners),
        "corner_px_median": round(float(np.median(corners)), 2),
        "corner_px_most": round(max(corners), 2),
        "outside_most": outside,
        "preview_px": template(*ANGLES[0]).covered.shape[0],
        "preview_ms_p50": round(float(np.median(times)), 1),
        "preview_ms_p95": round(float(np.percentile(times, 95)), 1),
        "print_px_and_dpi": sizes,
    }


def _known(labels: LabelMap, _: Photo) -> LabelMap:
    return labels


def own_photos(folder: Path, most: int = 60) -> dict[str, Any]:
    """Shop photos of T-shirts, of lines kept aside: on how many a picture is printed, and how many are worn."""
    catalogue = PhotoCatalogue.read(folder)
    _, aside = lines_split(catalogue)
    shirts = [row for row in np.flatnonzero(aside) if catalogue.labels["type"][row] == "Tshirts"]
    parser, picture = Parts.shipped(), Image.new("RGB", (300, 380), (200, 40, 60))
    made, worn = [], []
    for row in np.random.default_rng(5).permutation(shirts)[:most].tolist():
        photo = read_photo(catalogue.paths[row])
        labels = parser.parse_labels([photo])[0]
        worn.append(bool(np.isin(labels, [PARTS.index("skin"), PARTS.index("hair")]).mean() > 0.01))
        seen = printed_on(photo, partial(_known, labels), picture, PRINTED["t_shirt"], Placement())
        made.append(seen is not None)
    both = int((np.array(made) & np.array(worn)).sum())
    return {"photos": len(made), "printed": sum(made), "worn": sum(worn), "worn_printed": both}


def picture_features(content: bytes) -> Floats:
    """The 16 x 16 thumbnail of a song's picture, in Lab."""
    pixels = paint(hear(content), 256).reshape(16, 16, 16, 16, 3).mean((1, 3))
    return np.asarray(rgb2lab(pixels / 255.0).ravel(), np.float64)


def hashed_bars(content: bytes) -> Floats:
    """What a picture is that has nothing to do with the sound: bars of colours by the file's hash."""
    digest = np.frombuffer(hashlib.sha256(content).digest(), np.uint8)[:24].reshape(8, 3)
    return np.asarray(rgb2lab(np.repeat(digest / 255.0, 32, 0)[None]).ravel(), np.float64)


def found(queries: list[Floats], among: list[Floats]) -> float:
    """Share of queries whose own one is the nearest of 20, over draws of the 19 others."""
    rng = np.random.default_rng(0)
    apart = np.array([[np.abs(a - b).mean() for b in among] for a in queries])
    hits = []
    for k in range(len(queries)):
        others = [j for j in range(len(among)) if j != k]
        for _ in range(20 if len(others) > 19 else 1):
            chosen = rng.choice(others, min(19, len(others)), replace=False)
            hits.append(bool(apart[k, k] < apart[k, chosen].min()))
    return float(np.mean(hits))


def songs(content: list[bytes]) -> dict[str, Any]:
    """What is said of songs: pictures of the whole, of both halves and of copies in other formats."""
    firsts, seconds = zip(*(halves(each) for each in content), strict=True)
    whole, first, second = ([picture_features(each) for each in group] for group in (content, firsts, seconds))
    copies = {kind: [picture_features(recoded(each, kind)) for each in content] for kind in ("MP3", "OGG")}
    sounds = [sound_features(each) for each in content]
    spread = np.std(sounds, 0) + 1e-9
    pairs = [(a, b) for a in range(len(content)) for b in range(a)]
    by_sound = [float(np.linalg.norm((sounds[a] - sounds[b]) / spread * WEIGHTS)) for a, b in pairs]
    by_picture = [float(np.abs(whole[a] - whole[b]).mean()) for a, b in pairs]
    bars = [hashed_bars(each) for each in content]
    return {
        "songs": len(content),
        "half_finds_half": found(first, second),
        "half_finds_song": found(second, whole),
        "copy_finds_song": {kind: found(each, whole) for kind, each in copies.items()},
        "sound_itself": {
            "half_finds_half": found(
                *([sound_features(each) / spread * WEIGHTS for each in half] for half in (firsts, seconds))
            )
        },
        "rank_correlation": round(float(spearmanr(by_sound, by_picture).statistic), 3),
        "hashed_bars": {
            "half_finds_half": found([hashed_bars(each) for each in firsts], [hashed_bars(each) for each in seconds]),
            "rank_correlation": round(
                float(spearmanr(by_sound, [float(np.abs(bars[a] - bars[b]).mean()) for a, b in pairs]).statistic), 3
            ),
        },
    }


def main(
    songs_folder: Annotated[Path | None, typer.Option("--songs", help="A folder of real songs.")] = None,
    half: Annotated[str, typer.Option(help="Drawn songs of half a or b.")] = "b",
    own: Annotated[Path | None, typer.Option(help="A folder of shop photos to print on: fashion/.")] = None,
    only: Annotated[str, typer.Option(help="prints, songs or own; all where absent.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Print what print_on.md says."""
    figures: dict[str, Any] = {"machine": machine()}
    if only in ("", "prints"):
        figures["prints"] = prints()
    if own is not None:
        figures["own_photos"] = own_photos(own)
    if only in ("", "songs"):
        figures["drawn"] = songs(drawn_songs(half))
        if songs_folder is not None:
            figures["songs"] = songs(files_of(songs_folder))
    print(json.dumps(figures) if as_json else json.dumps(figures, indent=2))


if __name__ == "__main__":
    typer.run(main)
