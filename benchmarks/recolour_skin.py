"""How often recolouring refuses cloth for skin, and how often it takes skin for cloth. Page: recolour.md.

    python benchmarks/recolour_skin.py [--data FOLDER] [--photos N] [--street N] [--seed N] [--json]

Cloth    Photos of fashion/ of tops, dresses and kurtas, by the colour of their label: of those that somebody wears how
         many take another colour, and why the others do not.
Skin     Street photos of parsing/ that the parser never saw, whose labels say where skin is: what part of it would be
         recoloured with the garment, and on how many photos more than a twentieth of it.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from bottega.actions.studio.product_seen import product_seen
from bottega.datasets.photos.catalogue import PhotoCatalogue
from bottega.datasets.photos.kept_aside import street_split
from bottega.datasets.photos.masks import PARTS
from bottega.datasets.photos.reading import read_photo
from bottega.errors import PhotoRefused
from bottega.models.vision.parts.parser import Parts
from bottega.models.vision.parts.regions import PRODUCT
from common import DATA, machine

COLOURS = ("Red", "Maroon", "Pink", "Peach", "Orange", "Beige", "Blue")
"""The last one stands for what nobody takes for skin."""
TYPES = frozenset({"Tshirts", "Shirts", "Tops", "Dresses", "Kurtas", "Kurtis", "Tunics", "Sweatshirts"})
MUCH = 0.05
"""Of the skin on a photo, from which its recolouring is seen."""
_SKIN = PARTS.index("skin")


def cloth_counts(catalogue: PhotoCatalogue, parser: Parts, photos: int, seed: int) -> dict[str, dict[str, int]]:
    """Colour -> how many photos show somebody, and what became of these; of those lying, how many are refused."""
    table: dict[str, dict[str, int]] = {}
    for colour in COLOURS:
        rows = [
            row
            for row, (kind, label) in enumerate(zip(catalogue.labels["type"], catalogue.labels["color"], strict=True))
            if kind in TYPES and label == colour
        ]
        chosen = np.random.default_rng(seed).permutation(rows)[:photos].tolist()
        counts: Counter[str] = Counter(
            dict.fromkeys(("worn", "done", "as skin", "otherwise", "lying", "lying refused"), 0)
        )
        for row in chosen:
            photo = read_photo(catalogue.paths[row])
            labels = parser.parse_labels([photo])[0]
            try:
                part, refused = product_seen(photo, lambda _, seen=labels: seen)[0], ""  # type: ignore[misc]
            except PhotoRefused as error:
                part, refused = "", str(error)
            lying = part == PRODUCT or "from its background" in refused
            counts["lying" if lying else "worn"] += 1
            if lying:
                counts["lying refused"] += bool(refused)
            else:
                counts["as skin" if "from skin" in refused else "otherwise" if refused else "done"] += 1
        table[colour] = dict(counts)
    return table


def skin_taken(data: Path, parser: Parts, most: int) -> dict[str, float]:
    """What of real skin is recoloured on street photos."""
    aside = street_split(data / "parsing")[1]
    taken, refused = [], 0
    for photo, truth in list(zip(aside.photos, aside.parts, strict=True))[:most]:
        skin = truth == _SKIN
        if not skin.any():
            continue
        try:
            _, mask = product_seen(photo, lambda one: parser.parse_labels([one])[0])
        except PhotoRefused:
            refused += 1
            continue
        taken.append((float((mask & skin).sum() / skin.sum()), float((mask & skin).sum() / mask.sum())))
    shares = np.array(taken, np.float64).reshape(-1, 2)
    return {
        "photos": float(len(taken) + refused),
        "refused": float(refused),
        "of_skin": float(shares[:, 0].mean()),
        "of_mask": float(shares[:, 1].mean()),
        "seen": float((shares[:, 0] > MUCH).sum()),
    }


def main(
    data: Annotated[Path, typer.Option(help="Folder of the public data sets.")] = DATA,
    photos: Annotated[int, typer.Option(help="Photos of each colour, at most.")] = 60,
    street: Annotated[int, typer.Option(help="Street photos, at most.")] = 200,
    seed: int = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Count cloth that is refused for skin, and skin that is taken for cloth."""
    parser = Parts.shipped()
    cloth = cloth_counts(PhotoCatalogue.read(data / "fashion"), parser, photos, seed)
    skin: dict[str, Any] = skin_taken(data, parser, street)
    if as_json:
        typer.echo(json.dumps({"cloth": cloth, "skin": skin}))
        return
    typer.echo(f"{machine()}; {parser.version}\n")
    names = list(next(iter(cloth.values())))
    typer.echo(f"| colour | {' | '.join(names)} |\n|{'---|' * (1 + len(names))}")
    for colour, counts in cloth.items():
        typer.echo(f"| {colour} | {' | '.join(str(counts[name]) for name in names)} |")
    typer.echo(
        f"\nOf {skin['photos']:.0f} street photos {skin['refused']:.0f} are refused; of the skin on the others "
        f"{skin['of_skin']:.4f} is recoloured ({skin['of_mask']:.4f} of what is), more than {MUCH:.0%} of it "
        f"on {skin['seen']:.0f}."
    )


if __name__ == "__main__":
    typer.run(main)
