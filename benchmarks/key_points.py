"""Key points of people, and bodies fitted to them; page: key_points.md.

    python benchmarks/key_points.py [--test FOLDER] [--shop FOLDER] [--people N] [--fitted N]
                                    [--weights FOLDER] [--sheet FILE] [--card] [--json]

Drawn people are of bodies and poses that were never learnt from, in clothes at random, with a parser's slips. Figures
are pictures of fashion models of these bodies and poses in their base layer, which the parser sees. FOLDER holds street
photos with pixel labels (photos/, masks/); the held-out fifth of it is judged. --shop: a catalogue whose shoes, bags
and watches show nobody; of its clothes those count as worn on which the parser sees hair. --sheet draws bodies over
street photos.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from statistics import median
from typing import Annotated, Any

import numpy as np
import typer
from PIL import Image, ImageDraw

from bottega.actions.studio.people.person_seen import person_seen
from bottega.datasets.photos.catalogue import PhotoCatalogue
from bottega.datasets.photos.kept_aside import street_split
from bottega.datasets.photos.masks import PARTS
from bottega.datasets.photos.reading import read_photo
from bottega.errors import PhotoRefused
from bottega.evaluation.key_points_judged import BARS, MOST, judge_drawn, judge_photos
from bottega.models.blocks.cards import add_to_card, bars
from bottega.models.blocks.shipped import shipped_folder
from bottega.models.studio.bodies.appearance import SKIN_TONES, Appearance
from bottega.models.studio.bodies.body import build
from bottega.models.studio.bodies.figure import figure
from bottega.models.studio.key_points.drawn_people import draw_people
from bottega.models.studio.key_points.fit import outline_of
from bottega.models.studio.key_points.key_points import KeyPointReader
from bottega.models.studio.key_points.recipe import HELD_BODIES, HELD_POSES
from bottega.models.studio.key_points.slips import spoilt
from bottega.models.vision.parts.parser import Parts
from bottega.serving.cli.console import bar, guard
from common import DATA, machine, peak_mb

THINGS = ("Handbags", "Casual Shoes", "Sports Shoes", "Heels", "Watches", "Wallets", "Backpacks")
WORN = ("Tshirts", "Shirts", "Tops", "Dresses", "Kurtas", "Jackets", "Jeans")
SHOP_PHOTOS = 120
STYLES = ("short", "bob", "long", "cropped", "curls", "ponytail")


def main(
    test: Annotated[Path, typer.Option(help="Street photos with pixel labels.")] = DATA / "parsing",
    shop: Annotated[Path | None, typer.Option(help="Catalogue: who is refused.")] = DATA / "fashion",
    people: Annotated[int, typer.Option(help="Drawn people.")] = 300,
    fitted: Annotated[int, typer.Option(help="Street photos that a body is fitted to.")] = 8,
    weights: Annotated[Path | None, typer.Option(help="Judge this saved network instead of the shipped one.")] = None,
    sheet: Annotated[Path | None, typer.Option(help="Where to draw fitted bodies over photos.")] = None,
    card: Annotated[bool, typer.Option("--card", help="Write the figures into the shipped card.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object as the last line.")] = False,
) -> None:
    folder = weights or shipped_folder("studio", "key_points")
    with guard(), bar() as progress:
        reader, parser = KeyPointReader.load(folder), Parts.shipped()
        rng = np.random.default_rng(11)
        drawn = draw_people(people, HELD_BODIES, HELD_POSES, rng=rng, progress=progress)
        found: dict[str, Any] = {
            "drawn": judge_drawn(reader, spoilt(drawn, seed=11)),
            "clean": judge_drawn(reader, drawn),
        }
        found["figures"] = _figures(reader, parser)
        _, held_out = street_split(test, progress=progress)
        read_s, fit_s, fits, refused, tiles = [], [], [], 0, []

        def read(photo: np.ndarray[Any, Any]) -> Any:
            labels = parser.parse_labels([photo])[0]
            started = time.process_time()
            seen = reader.read(labels)
            read_s.append(time.process_time() - started)
            return seen

        if shop is not None:
            found["refusals"] = _refusals(reader, parser, shop)
        found["photos"] = judge_photos(read, held_out)
        for photo in held_out.photos[:: max(1, len(held_out) // fitted)][:fitted]:
            try:
                seen = person_seen(photo, lambda one: parser.parse_labels([one])[0], reader)
                started = time.process_time()
                there = seen.fitted()
            except PhotoRefused:
                refused += 1
                continue
            fit_s.append(time.process_time() - started)
            fits.append((there.away, there.outline_iou))
            tiles.append(_drawn_over(photo, there))
    found["fit"] = {
        "photos": len(fits),
        "refused": refused,
        "away": round(float(np.mean([one for one, _ in fits])), 4),
        "outline_iou": round(float(np.mean([one for _, one in fits])), 4),
        "seconds": round(median(fit_s), 2),
    }
    found["costs"] = {
        "read_ms": round(median(read_s) * 1000, 1),
        "weights_mb": round((folder / "arrays.npz").stat().st_size / 1e6, 2),
        "peak_mb": round(peak_mb()),
    }
    if sheet is not None:
        _write_sheet(sheet, tiles)
    if card:
        assert weights is None, "--card is about the shipped network"
        values = {"mean_error": found["drawn"]["mean_error"], **{name: found["photos"][name] for name in BARS}}
        add_to_card(folder, measures=found, bars=bars(values, BARS, MOST))
    if as_json:
        print(json.dumps(found))
        return
    print(machine())
    for part, figures in found.items():
        print(f"\n## {part}\n\n| | |\n|---|---|")
        for name, value in figures.items():
            if not isinstance(value, dict):
                print(f"| {name} | {value} |")
                continue
            for inner, one in value.items():
                print(f"| {name}: {inner} | {', '.join(map(str, one.values())) if isinstance(one, dict) else one} |")


def _figures(reader: KeyPointReader, parser: Parts) -> dict[str, Any]:
    """Errors on pictures of figures, read through the parser; by build and by tone of skin."""
    errors: dict[str, list[float]] = {}
    refused = 0
    tones = list(SKIN_TONES)
    for row, name in enumerate(HELD_BODIES):
        for column, pose_name in enumerate(HELD_POSES):
            tone = tones[(3 * row + 5 * column) % len(tones)]
            look = Appearance(skin=tone, hair=STYLES[(row + column) % len(STYLES)], base_layer="#3a5a78")
            shown = figure(name, look, pose_name, size=(384, 512))
            try:
                seen = reader.read(parser.parse_labels([shown.photo])[0])
            except PhotoRefused:
                refused += 1
                continue
            camera = shown.layers.camera
            tall = build(name).height_cm / 100 * camera.focal_px / camera.away_m
            off = [
                float(np.hypot(ours.x - true.x, ours.y - true.y)) / tall
                for ours, true in zip(seen.points, shown.key_points, strict=True)
            ]
            groups = ["all", "women" if build(name).gender == "female" else "men"]
            if not build(name).grown:
                groups = ["all", "under_18"]
            number = int(tone.removeprefix("monk_"))
            groups.append("monk_1_to_4" if number <= 4 else "monk_5_to_7" if number <= 7 else "monk_8_to_10")
            for group in groups:
                errors.setdefault(group, []).append(float(np.mean(off)))
    means = {name: round(float(np.mean(ones)), 4) for name, ones in sorted(errors.items())}
    return {"pictures": len(HELD_BODIES) * len(HELD_POSES), "refused": refused, "mean_error": means}


def _refusals(reader: KeyPointReader, parser: Parts, shop: Path) -> dict[str, Any]:
    """Of photos of things, the share that is refused; of worn clothes, the share that is read."""
    catalogue = PhotoCatalogue.read(shop)
    types = np.array(catalogue.labels["type"])
    refused: dict[str, list[bool]] = {}
    rng = np.random.default_rng(77)
    for kind, names in (("things", THINGS), ("worn", WORN)):
        for row in rng.permutation(np.flatnonzero(np.isin(types, names)))[:SHOP_PHOTOS].tolist():
            labels = parser.parse_labels([read_photo(catalogue.paths[row])])[0]
            if kind == "worn" and (labels == PARTS.index("hair")).mean() < 0.005:
                continue
            try:
                reader.read(labels)
                refused.setdefault(kind, []).append(False)
            except PhotoRefused:
                refused.setdefault(kind, []).append(True)
    things, worn = refused["things"], refused["worn"]
    return {
        "things": len(things),
        "things_refused": round(float(np.mean(things)), 4),
        "worn": len(worn),
        "worn_read": round(1 - float(np.mean(worn)), 4),
    }


def _drawn_over(photo: np.ndarray[Any, Any], fitted: Any) -> Image.Image:
    there = outline_of(fitted.posed, fitted.camera)
    picture = photo.astype(np.float32)
    picture[there] = 0.62 * picture[there] + 0.38 * np.array([40, 110, 255], np.float32)
    tile = Image.fromarray(picture.astype(np.uint8))
    draw = ImageDraw.Draw(tile)
    for x, y in fitted.points.tolist():
        draw.ellipse([x - 5, y - 5, x + 5, y + 5], fill=(255, 60, 0))
    return tile.resize((180, round(180 * tile.height / tile.width)))


def _write_sheet(file: Path, tiles: list[Image.Image]) -> None:
    width, height = 180, 272
    out = Image.new("RGB", (width * 10, height * -(-len(tiles) // 10)), "white")
    for at, tile in enumerate(tiles):
        out.paste(tile.crop((0, 0, width, height)), (width * (at % 10), height * (at // 10)))
    out.save(file, quality=88)


if __name__ == "__main__":
    typer.run(main)
