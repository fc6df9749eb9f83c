"""Tries clothes on people of street photos that no model learnt from; page: try_on.md.

    python benchmarks/try_on.py [--data FOLDER] [--half judged|looked] [--people N] [--swaps N]
                                [--only own|swap] [--sheets FOLDER] [--json]

own      Each garment of a person is cut out by its true mask, turned, stretched and bent by a random thin-plate spline
         that the method does not know, and tried on the same person again. SSIM (Wang et al. 2004, Gaussian window of
         sigma 1.5, grey) within the garment's true mask against the untouched photo; beside it an affine paste: the
         best affine map through the same matched outlines, in the place that the method found. The light of the old
         folds is left out, for here it is the truth's own. changed: share of all the photo's pixels that lie outside
         the garment's mask and changed.
swap     Garments of other people, and products of held-out lines, on the same people: how often the eye names what is
         seen there as what it is, against how often it names these people's own real garments, the same way.
refused  Counted by their words.
groups   By skin tone (measured on true skin), and by how broad the person is. "of like size": what is left of a group's
         difference once SSIM is fitted by the part and the logarithm of the garment's pixels (least squares).

Labels are the true ones of the folder, or those of the shipped parser as trying on uses it (own_colours.py). Photos are
two halves by turns in the order of their names; the first was looked at while the method was made.
"""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from PIL import Image, ImageDraw
from skimage.metrics import structural_similarity

from bottega.datasets.photos.catalogue import PhotoCatalogue
from bottega.datasets.photos.kept_aside import lines_split, street_split
from bottega.datasets.photos.masks import PARTS, LabelMap, PhotoMasks
from bottega.datasets.photos.reading import Photo, read_photo
from bottega.errors import PhotoRefused
from bottega.evaluation.fairness import by_group, skin_angle, tone_of
from bottega.models.studio.garments.cut_outs import cut_out
from bottega.models.studio.key_points.key_points import KeyPointReader
from bottega.models.studio.try_on.bend import Plate, plate_of, through
from bottega.models.studio.try_on.own_colours import SIDES, told_by_own_colours
from bottega.models.studio.try_on.settle import settled
from bottega.models.studio.try_on.try_on import LIGHT, ShownPiece, TriedOn, cloth_of, try_on
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.parts.parser import Parts
from bottega.models.vision.slots import heed_parts
from bottega.names import BoolArray, FloatArray
from bottega.progress import Progress
from bottega.serving.cli.console import bar, guard
from common import DATA, machine, peak_mb

CUTS = {"upper": "top", "outer": "jacket", "lower": "trousers", "one_piece": "dress", "shoes": "shoes"}
LEAST = {"upper": 0.02, "outer": 0.02, "lower": 0.02, "one_piece": 0.03, "shoes": 0.005}
"""Share of the photo from which a garment is one."""
JITTER, TURN, STRETCH = 0.04, 10.0, (0.85, 1.2)
"""Of the random spline: how far each of 4 x 4 points is moved (standard deviation, of the garment's sides), degrees,
and factors across and down."""
WHOLE = 0.8
"""Share of a garment that its largest piece has where it stands for a product."""
NAMES: dict[str, frozenset[str]] = {
    "dress": frozenset({"Dresses", "Tunics", "Kurtas", "Kurtis"}),
    "skirt": frozenset({"Skirts"}),
    "jeans": frozenset({"Jeans", "Trousers"}),
    "pants": frozenset({"Trousers", "Jeans", "Track Pants", "Leggings", "Lounge Pants"}),
    "leggings": frozenset({"Leggings", "Tights", "Stockings", "Jeans"}),
    "tights": frozenset({"Leggings", "Tights", "Stockings"}),
    "stockings": frozenset({"Leggings", "Tights", "Stockings"}),
    "shorts": frozenset({"Shorts", "Capris", "Lounge Shorts"}),
    "shirt": frozenset({"Shirts"}),
    "t-shirt": frozenset({"Tshirts", "Tops"}),
    "blouse": frozenset({"Tops", "Shirts", "Tunics", "Kurtis"}),
    "top": frozenset({"Tops", "Tshirts", "Tunics"}),
    "vest": frozenset({"Waistcoat", "Tops", "Jackets"}),
    "sweater": frozenset({"Sweaters", "Sweatshirts"}),
    "jumper": frozenset({"Sweaters", "Sweatshirts"}),
    "sweatshirt": frozenset({"Sweaters", "Sweatshirts"}),
    "hoodie": frozenset({"Sweatshirts", "Jackets"}),
    "cardigan": frozenset({"Sweaters", "Shrug", "Jackets"}),
    "jacket": frozenset({"Jackets", "Blazers"}),
    "blazer": frozenset({"Blazers", "Jackets"}),
    "coat": frozenset({"Jackets", "Blazers"}),
    "boots": frozenset({"Boots", "Casual Shoes", "Heels"}),
    "sneakers": frozenset({"Casual Shoes", "Sports Shoes"}),
    "shoes": frozenset({"Casual Shoes", "Formal Shoes", "Flats", "Sports Shoes", "Heels"}),
    "heels": frozenset({"Heels", "Sandals"}),
    "pumps": frozenset({"Heels", "Flats"}),
    "wedges": frozenset({"Heels", "Sandals"}),
    "flats": frozenset({"Flats", "Casual Shoes"}),
    "loafers": frozenset({"Casual Shoes", "Formal Shoes", "Flats"}),
    "sandals": frozenset({"Sandals", "Heels", "Flats", "Flip Flops"}),
    "clogs": frozenset({"Heels", "Flats", "Sandals"}),
}
"""A label of the street photos, and the eye's types that name it."""
PRODUCTS = {
    "upper": ("Tshirts", "Shirts", "Tops", "Sweaters", "Sweatshirts"),
    "outer": ("Jackets", "Blazers"),
    "lower": ("Jeans", "Trousers", "Skirts", "Track Pants"),
    "one_piece": ("Dresses",),
    "shoes": ("Casual Shoes", "Heels", "Flats", "Formal Shoes"),
}  # fmt: skip
"""Part -> types of the catalogue that are tried on in its place."""


Pieces = dict[str, list[tuple[ShownPiece, frozenset[str]]]]
"""Part -> pieces that are tried on in its place, each with the eye's types that name it."""


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """Somebody on a photo."""

    name: str
    photo: Photo
    truth: LabelMap
    labels: LabelMap
    """Of 59."""
    seen: LabelMap
    """The parser's."""
    joints: dict[str, FloatArray | None]
    """Key points [16, 2] read from the labels of each column."""
    tone: str
    body: str = ""

    def dressed(self, piece: ShownPiece, column: str, *, light: float = LIGHT) -> TriedOn:
        """The piece on them, by the labels of a column."""
        labels = self.truth if column == "true" else self.seen
        return try_on(self.photo, labels, piece, joints=self.joints[column], light=light)


@dataclass(slots=True)
class Tally:
    """What came of one kind of trial: values by measure, each with the person's groups."""

    values: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    parts: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    tones: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    lengths: Counter[str] = field(default_factory=Counter)

    def add(self, person: Person, part: str, **values: float) -> None:
        """One trial that was answered."""
        for name, value in values.items():
            self.values[name].append(value)
        self.parts.append(part)
        self.people.append(person.name)
        self.tones.append(person.tone)
        self.bodies.append(person.body)

    def told(self, *names: str) -> dict[str, Any]:
        """Means, by part and by group, for JSON."""
        found: dict[str, Any] = {
            "tried": len(self.parts),
            "refused": dict(self.refused.most_common()),
            "lengths": dict(self.lengths.most_common()),
        }
        for name in names:
            values = np.array(self.values[name])
            found[name] = round(float(values.mean()), 4) if len(values) else None
            for kind, groups in (("part", self.parts), ("tone", self.tones), ("body", self.bodies)):
                grouped = by_group(values, groups, np.random.default_rng(0)) if len(values) else {}
                found[f"{name} by {kind}"] = {group: one.as_dict() for group, one in grouped.items()}
                for group, one in found[f"{name} by {kind}"].items():
                    here = {who for who, which in zip(self.people, groups, strict=True) if which == group}
                    one["people"] = len(here)
        return found

    def of_like_size(self) -> dict[str, float]:
        """Mean SSIM of each group, had all garments of a part the same number of pixels."""
        values, pixels = np.array(self.values["ssim"]), np.log(np.array(self.values["pixels"]))
        parts = np.array(self.parts)
        table = np.stack([*(parts == part for part in sorted(set(self.parts))), pixels], 1).astype(float)
        left = values - table @ np.linalg.lstsq(table, values, rcond=None)[0]
        return {
            group: round(float(values.mean() + left[np.array(groups) == group].mean()), 4)
            for groups in (self.tones, self.bodies)
            for group in set(groups)
        }


def people_of(masks: PhotoMasks, parser: Parts, half: str, most: int, progress: Progress) -> list[Person]:
    """The people of one half."""
    all_rows = range(0 if half == "looked" else 1, len(masks), 2)
    rows, truths = list(all_rows)[:most], masks.parts
    found, reader = [], KeyPointReader.shipped()
    for done, row in enumerate(rows, start=1):
        photo, truth = masks.photos[row], truths[row]
        tone = tone_of(skin_angle(photo, truth == PARTS.index("skin")))
        seen = told_by_own_colours(photo, parser.parse([photo], sides=SIDES)[0])
        joints = {"true": joints_of(reader, truth), "parser": joints_of(reader, seen)}
        found.append(Person(masks.names[row], photo, truth, masks.masks[row], seen, joints, tone))
        progress("parsing people", done, len(rows))
    shares = np.array([_breadth(truths[row]) for row in all_rows])
    edges = np.nanquantile(shares, (1 / 3, 2 / 3))
    kinds = ("slim outline", "middling outline", "broad outline")
    return [
        replace(one, body="" if np.isnan(share) else kinds[int(np.searchsorted(edges, share))])
        for one, share in zip(found, shares, strict=False)
    ]


def _breadth(truth: LabelMap) -> float:
    """How broad somebody is, in heights; NaN where nobody is labelled."""
    wide = (truth != 0).sum(1)
    return float(np.percentile(wide[wide > 0], 90)) / int((wide > 0).sum()) if wide.any() else float("nan")


def joints_of(reader: KeyPointReader, labels: LabelMap) -> FloatArray | None:
    """Key points [16, 2]; None where too few are sure."""
    try:
        return np.array([(point.x, point.y) for point in reader.read(labels).points], np.float32)
    except PhotoRefused:
        return None


def bent(photo: Photo, mask: BoolArray, rng: np.random.Generator) -> ShownPiece:
    """What a mask covers, turned, stretched and bent by a random spline, on white; its cut is still to be said."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    tall, wide = np.ptp(rows) + 1, np.ptp(columns) + 1
    across, down = np.linspace(columns[0], columns[-1], 4), np.linspace(rows[0], rows[-1], 4)
    grid = np.stack(np.meshgrid(across, down), 2).reshape(-1, 2)
    angle = np.deg2rad(rng.uniform(-TURN, TURN))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    to = ((grid - grid.mean(0)) * rng.uniform(*STRETCH, 2)) @ turn.T
    to = to + rng.normal(0, JITTER, grid.shape) * np.array([wide, tall])
    to = to - to.min(0) + 0.25 * max(tall, wide)
    height, width = (int(side) for side in np.ceil(to.max(0) + 0.25 * max(tall, wide))[::-1])
    back = plate_of(to.astype(np.float32), grid.astype(np.float32), stiff=0.0)
    seen = through(mask[..., None].astype(np.float32), back, (height, width), order=1)[..., 0] > 0.5
    moved = through(photo.astype(np.float32), back, (height, width)).clip(0, 255)
    return ShownPiece(np.where(seen[..., None], moved, 255).astype(np.uint8), seen, "")


def likeness(one: Photo, other: Photo, mask: BoolArray) -> float:
    """SSIM within a mask."""
    greys = [np.asarray(Image.fromarray(photo).convert("L")) for photo in (one, other)]
    table = structural_similarity(  # type: ignore[no-untyped-call]
        *greys, gaussian_weights=True, sigma=1.5, use_sample_covariance=False, full=True
    )[1]
    return float(table[mask].mean())


def pasted(photo: Photo, piece: ShownPiece, mask: BoolArray) -> Photo:
    """The piece in the mask by the best affine map through the outlines that the method matched."""
    held, to = settled(piece.mask, mask).pairs
    flat = np.linalg.lstsq(np.c_[np.ones(len(held)), held], to, rcond=None)[0]
    still = np.zeros((1, 2), np.float32)
    plate = Plate(still, still, flat.astype(np.float32), np.zeros(2, np.float32), 1.0)
    cloth = cloth_of(piece, plate, mask.shape)
    return np.where(mask[..., None], np.rint(cloth), photo).astype(np.uint8)


def own_clothes(people: Sequence[Person], column: str, progress: Progress) -> Tally:
    """Everybody's own clothes, bent, on themselves again."""
    tally = Tally()
    for done, person in enumerate(people, start=1):
        for part, cut in CUTS.items():
            mask = person.truth == PARTS.index(part)
            if mask.mean() < LEAST[part]:
                continue
            rng = np.random.default_rng([done, PARTS.index(part)])
            cut_out = bent(person.photo, mask, rng)
            piece = ShownPiece(cut_out.photo, cut_out.mask, cut)
            begun = time.process_time()
            try:
                found = person.dressed(piece, column, light=0.0)
            except PhotoRefused as refusal:
                tally.refused[refusal.seen] += 1
                continue
            seconds = time.process_time() - begun
            tally.lengths[found.length] += 1
            changed = ((found.photo != person.photo).any(2) & ~mask).mean()
            tally.add(
                person,
                part,
                ssim=likeness(person.photo, found.photo, mask),
                pixels=float(mask.sum()),
                paste=likeness(person.photo, pasted(person.photo, piece, found.region), mask),
                changed=float(changed),
                seconds=seconds,
            )
        progress(f"own clothes, {column} labels", done, len(people))
    return tally


def crop(photo: Photo, mask: BoolArray) -> Photo:
    """What is round a mask, with a little air, as searches crop it."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    air = round(0.08 * max(np.ptp(rows), np.ptp(columns)))
    top, left = max(0, rows[0] - air), max(0, columns[0] - air)
    return photo[top : rows[-1] + air + 1, left : columns[-1] + air + 1]


def named(eye: Eye, views: Sequence[tuple[Photo, str, frozenset[str]]]) -> list[float]:
    """Whether the eye's first type of each crop of a part is one of those that are right."""
    if not views:
        return []
    chances = eye.look([photo for photo, _, _ in views]).probabilities["type"]
    types = eye.heads["type"]
    heeded = heed_parts(chances, types, [part for _, part, _ in views])
    return [float(types[row.argmax()] in right) for row, (_, _, right) in zip(heeded, views, strict=True)]


def garment(person: Person, labels: Sequence[str], part: str) -> tuple[BoolArray, str] | None:
    """A person's true garment of a part that stands in one piece, and the label that most of it has."""
    mask = person.truth == PARTS.index(part)
    if mask.mean() < LEAST[part]:
        return None
    codes = np.bincount(person.labels[mask])
    name = labels[int(codes.argmax())]
    if name not in NAMES or codes.max() < 0.7 * codes.sum():
        return None
    return np.asarray(person.labels == int(codes.argmax()), bool), name


def swapped(
    people: Sequence[Person], masks: PhotoMasks, pieces: Pieces, column: str, eye: Eye,
    keep: Callable[[Person, ShownPiece, TriedOn | str], None], progress: Progress,
) -> tuple[Tally, Tally]:  # fmt: skip
    """Others' garments, or products, on everybody: whether the eye names them, beside these people's own."""
    tally, own = Tally(), Tally()
    views: list[tuple[Photo, str, frozenset[str]]] = []
    mine: list[tuple[Photo, str, frozenset[str]]] = []
    who: list[tuple[Person, str]] = []
    for done, person in enumerate(people, start=1):
        for part in CUTS:
            real = garment(person, masks.labels, part)
            if real is None or not pieces[part]:
                continue
            rng = np.random.default_rng([7, done, PARTS.index(part)])
            piece, right = pieces[part][int(rng.integers(len(pieces[part])))]
            try:
                found = person.dressed(piece, column)
            except PhotoRefused as refusal:
                tally.refused[refusal.seen] += 1
                keep(person, piece, refusal.seen)
                continue
            keep(person, piece, found)
            tally.lengths[found.length] += 1
            views.append((crop(found.photo, found.region), part, right))
            mine.append((crop(person.photo, real[0]), part, NAMES[real[1]]))
            who.append((person, part))
        progress(f"swapping, {column} labels", done, len(people))
    for (person, part), value, real_value in zip(who, named(eye, views), named(eye, mine), strict=True):
        tally.add(person, part, named=value)
        own.add(person, part, named=real_value)
    return tally, own


def others_pieces(people: Sequence[Person], masks: PhotoMasks) -> Pieces:
    """Garments of people, whole enough to stand for a product."""
    from scipy import ndimage

    found: Pieces = {part: [] for part in CUTS}
    for person in people:
        for part, cut in CUTS.items():
            real = garment(person, masks.labels, part)
            if real is None:
                continue
            pieces, _ = ndimage.label(real[0])
            areas = np.bincount(pieces.ravel())[1:]
            if part == "shoes" or areas.max() >= WHOLE * areas.sum():
                as_what = "skirt" if real[1] == "skirt" else cut
                found[part].append((ShownPiece(person.photo, real[0], as_what), NAMES[real[1]]))
    return found


def products(data: Path, parser: Parts, each: int, progress: Progress) -> Pieces:
    """Products of held-out lines as pieces."""
    catalogue = PhotoCatalogue.read(data)
    aside = lines_split(catalogue)[1]
    types = np.array(catalogue.labels["type"])
    found: Pieces = {part: [] for part in CUTS}
    rng = np.random.default_rng(11)
    for done, (part, kinds) in enumerate(PRODUCTS.items(), start=1):
        for kind in kinds:
            cut = {"Shirts": "shirt", "Skirts": "skirt"}.get(kind, CUTS[part])
            right = frozenset({kind}).union(*(names for names in NAMES.values() if kind in names))
            for row in rng.permutation(np.flatnonzero(aside & (types == kind)))[:each].tolist():
                photo = read_photo(catalogue.paths[row])
                try:
                    mask = cut_out(photo, cut, lambda one: parser.parse_labels([one])[0], whole=True).mask
                except PhotoRefused:
                    continue
                found[part].append((ShownPiece(photo, mask, cut), right))
        progress("cutting out products", done, len(PRODUCTS))
    return found


class Sheets:
    """Contact sheets: piece, before, after."""

    def __init__(self, folder: Path | None, name: str) -> None:
        self.folder, self.name = folder, name
        self.tiles: list[tuple[Photo, Photo, Photo, str]] = []

    def keep(self, person: Person, piece: ShownPiece, found: TriedOn | str) -> None:
        """One trial."""
        if self.folder is None:
            return
        shown = np.where(piece.mask[..., None], piece.photo, 255).astype(np.uint8)
        if isinstance(found, str):
            self.tiles.append((shown, person.photo, np.full_like(person.photo, 225), f"refused: {found}"))
        else:
            self.tiles.append((shown, person.photo, found.photo, f"{piece.cut}, {found.length}, {found.unlike:.3f}"))

    def write(self) -> None:
        """Forty to a sheet."""
        if self.folder is None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        for sheet in range(0, len(self.tiles), 24):
            canvas = Image.new("RGB", (6 * 3 * 132, 4 * 214), "white")
            pen = ImageDraw.Draw(canvas)
            for place, (piece, before, after, said) in enumerate(self.tiles[sheet : sheet + 24]):
                left, top = place % 6 * 396, place // 6 * 214
                for step, pixels in enumerate((piece, before, after)):
                    picture = Image.fromarray(pixels)
                    picture.thumbnail((130, 198))
                    canvas.paste(picture, (left + step * 132, top))
                pen.text((left, top + 199), said[:64], fill="black")
            canvas.save(self.folder / f"{self.name}_{sheet // 24}.png")


def main(
    data: Annotated[Path, typer.Option(help="Folder of the public data sets.")] = DATA,
    half: Annotated[str, typer.Option(help="Which half of the people: judged or looked.")] = "judged",
    people: Annotated[int, typer.Option(help="So many people at most.")] = 200,
    swaps: Annotated[int, typer.Option(help="So many of them at most are tried others' pieces on.")] = 200,
    sheets: Annotated[Path | None, typer.Option(help="Folder for contact sheets of the swaps.")] = None,
    only: Annotated[str, typer.Option(help="own or swap: one part of it.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Measure trying on."""
    with guard(), bar() as progress:
        masks = street_split(data / "parsing", progress=progress)[1]
        parser, eye = Parts.shipped(), Eye.shipped()
        crowd = people_of(masks, parser, half, min(people, swaps) if only == "swap" else people, progress)
        report: dict[str, Any] = {}
        for column in () if only == "swap" else ("true", "parser"):
            tally = own_clothes(crowd, column, progress)
            report[f"own, {column}"] = tally.told("ssim", "paste", "changed", "seconds")
            report[f"own, {column}"]["of like size"] = tally.of_like_size()
        crowd = crowd[:swaps]
        sources = {} if only == "own" else {
            "garments": others_pieces(crowd, masks), "products": products(data / "fashion", parser, 6, progress)
        }  # fmt: skip
        for source, pieces in sources.items():
            for column in ("true", "parser"):
                drawn = Sheets(sheets, f"{source}_{column}")
                tally, real = swapped(crowd, masks, pieces, column, eye, drawn.keep, progress)
                drawn.write()
                report[f"swap, {source}, {column}"] = tally.told("named") | {"real": real.told("named")}
    report["peak_mb"] = round(peak_mb())
    if as_json:
        print(json.dumps(report))
        return
    _print(report)


def _print(report: dict[str, Any]) -> None:
    print(f"{machine()}; peak {report['peak_mb']} MB")
    if "own, true" in report:
        _print_own(report)
    if "swap, products, parser" in report:
        _print_swaps(report)
    print("\n| refused | what for | times |\n|---|---|---|")
    for name, one in report.items():
        for reason, times in one["refused"].items() if isinstance(one, dict) else ():
            print(f"| {name} | {reason} | {times} |")


def _print_own(report: dict[str, Any]) -> None:
    print("\n| own clothes, labels | tried | refused | SSIM | affine paste | changed outside | s |")
    print("|---|---|---|---|---|---|---|")
    for column in ("true", "parser"):
        one = report[f"own, {column}"]
        told = " | ".join(f"{one[name]:.3f}" for name in ("ssim", "paste"))
        lost = sum(one["refused"].values())
        print(f"| {column} | {one['tried']} | {lost} | {told} | {one['changed']:.2%} | {one['seconds']:.2f} |")
    for kind in ("part", "tone", "body"):
        like = " | of like size, true | parser's" if kind != "part" else ""
        print(f"\n| SSIM by {kind} | true labels | affine paste | parser's | affine paste{like} | trials | people |")
        print("|---|---|---|---|---|---|---|" + ("---|---|" if like else ""))
        for group, one in report["own, true"][f"ssim by {kind}"].items():
            cells = []
            for column in ("true", "parser"):
                for name in ("ssim", "paste"):
                    there = report[f"own, {column}"][f"{name} by {kind}"].get(group)
                    cells.append(f"{there['mean']:.3f}" if there else "")
            for column in ("true", "parser") if like else ():
                value = report[f"own, {column}"]["of like size"].get(group)
                cells.append("" if value is None else f"{value:.3f}")
            counts = [
                f"{report[f'own, {column}'][f'ssim by {kind}'].get(group, {}).get('photos', 0)}"
                for column in ("true", "parser")
            ]
            print(f"| {group} | {' | '.join(cells)} | {' / '.join(counts)} | {one['people']} |")


def _print_swaps(report: dict[str, Any]) -> None:
    print(
        "\n| swapped on | labels | tried | refused | named right | own real ones | ratio |"
        "\n|---|---|---|---|---|---|---|"
    )
    for name, one in report.items():
        if name.startswith("swap"):
            _, source, column = name.split(", ")
            lost, real = sum(one["refused"].values()), one["real"]["named"]
            ratio = one["named"] / real if real else float("nan")
            row = f"{one['tried']} | {lost} | {one['named']:.3f} | {real:.3f} | {ratio:.2f}"
            print(f"| {source} | {column} | {row} |")
    for kind in ("part", "tone", "body"):
        print(f"\n| named right by {kind}, parser's labels | garments | real | products | real | trials | people |")
        print("|---|---|---|---|---|---|---|")
        for group, first in report["swap, garments, parser"][f"named by {kind}"].items():
            cells = []
            for source in ("garments", "products"):
                one = report[f"swap, {source}, parser"]
                for there in (one, one["real"]):
                    value = there[f"named by {kind}"].get(group)
                    cells.append(f"{value['mean']:.3f}" if value else "")
            print(f"| {group} | {' | '.join(cells)} | {first['photos']} | {first['people']} |")


if __name__ == "__main__":
    typer.run(main)
