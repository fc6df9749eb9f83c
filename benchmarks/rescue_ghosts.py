"""Ghost mannequins of worn garments that no model learnt from: how many are made, and why others are refused.

    python benchmarks/rescue_ghosts.py [--data FOLDER] [--most N] [--weights FOLDER] [--sheet PNG] [--json]

Page: rescue.md. Photos are the catalogue's of upper garments and dresses, of lines kept aside, on which the parser sees
somebody. `--weights`: another parser than the shipped one. `--sheet` shows the first twenty that were made, uncurated.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from PIL import Image

from bottega.datasets.photos.catalogue import PhotoCatalogue
from bottega.datasets.photos.kept_aside import lines_split
from bottega.datasets.photos.masks import PARTS
from bottega.datasets.photos.reading import Photo, read_photo
from bottega.models.studio.rescue.ghost import ghost_of
from bottega.models.studio.rescue.on_white import on_white
from bottega.models.vision.parts.parser import Parts
from bottega.serving.cli.console import guard
from common import DATA, machine

WORN = ("Tshirts", "Shirts", "Tops", "Kurtas", "Dresses", "Jackets", "Sweaters", "Sweatshirts", "Tunics", "Kurtis")
_SHOWN, _COLUMNS, _SIZE = 20, 5, (150, 200)
_SOMEBODY = 0.003


def main(
    data: Annotated[Path, typer.Option(help="Folder of the public data.")] = DATA,
    most: Annotated[int, typer.Option(help="Worn photos.")] = 100,
    weights: Annotated[Path | None, typer.Option(help="Folder of a parser; the shipped one where absent.")] = None,
    sheet: Annotated[Path | None, typer.Option(help="Write a sheet of pictures there.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Make ghosts of worn garments, and count."""
    with guard():
        catalogue = PhotoCatalogue.read(data / "fashion")
        aside = np.flatnonzero(lines_split(catalogue)[1])
        parser = Parts.load(weights) if weights else Parts.shipped()
        counts: Counter[str] = Counter()
        shown: list[Photo] = []
        body = [PARTS.index("skin"), PARTS.index("hair")]
        for row in np.random.default_rng(0).permutation(aside).tolist():
            if catalogue.labels["type"][row] not in WORN:
                continue
            photo = read_photo(catalogue.paths[row])
            chances = parser.parse([photo])[0]
            if np.isin(chances.argmax(2), body).mean() <= _SOMEBODY:
                continue
            ghost = ghost_of(photo, chances)
            counts[re.sub(r" \(.*|[\d.]+% of ", "", ghost.refused).strip() or "made"] += 1
            if ghost.cut is not None and len(shown) < _SHOWN:
                both = (Image.fromarray(one).resize(_SIZE) for one in (photo, on_white(ghost.cut)))
                shown.append(np.concatenate([np.asarray(one) for one in both], axis=1))
            if counts.total() >= most:
                break
    if sheet is not None and shown:
        shown += [np.full_like(shown[0], 255)] * (-len(shown) % _COLUMNS)
        rows = [np.concatenate(shown[at : at + _COLUMNS], axis=1) for at in range(0, len(shown), _COLUMNS)]
        Image.fromarray(np.concatenate(rows)).save(sheet)
    if as_json:
        print(json.dumps({"photos": counts.total(), **counts}))
        return
    print(machine())
    for what, count in counts.most_common():
        print(f"{count:4} of {counts.total()}: {what}")


if __name__ == "__main__":
    typer.run(main)
