"""Why trying on is worse by a parser's labels than by true ones; page: try_on.md.

    python benchmarks/try_on_why.py [--data FOLDER] [--people N]

The trials of try_on.py (own clothes, bent, tried on again) on people of the half that was looked at, by labels that are
partly true: the parser's edges with true names, true edges with the parser's names, and true labels whose edges waver
by a random smooth field that no parser is to blame for. Beside it: what the parser calls the pixels of a true garment.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from scipy import ndimage

from bottega.datasets.photos.kept_aside import street_split
from bottega.datasets.photos.masks import PARTS, LabelMap
from bottega.errors import PhotoRefused
from bottega.models.studio.try_on.try_on import ShownPiece, try_on
from bottega.models.vision.parts.parser import Parts
from bottega.serving.cli.console import bar, guard
from common import DATA, machine
from try_on import CUTS, LEAST, Person, bent, likeness, people_of

GARMENTS = [PARTS.index(part) for part in CUTS]
WAVER = ((0.7, 3.0), (1.5, 3.0))
"""Standard deviation of how far edges move, in pixels, and over how many pixels it changes."""


def true_edges(person: Person) -> LabelMap:
    """Each true garment by the name that the parser gives most of it."""
    found = person.truth.copy()
    for code in GARMENTS:
        mask = person.truth == code
        if mask.any():
            found[mask] = np.bincount(person.seen[mask]).argmax()
    return found


def true_names(person: Person) -> LabelMap:
    """What the parser takes for clothes, each pixel by the name of the nearest true garment."""
    found, worn = person.seen.copy(), np.isin(person.seen, GARMENTS)
    rows, columns = ndimage.distance_transform_edt(
        ~np.isin(person.truth, GARMENTS), return_distances=False, return_indices=True
    )
    found[worn] = person.truth[rows, columns][worn]
    return found


def wavering(person: Person, *, px: float, over: float) -> LabelMap:
    """True labels whose edges moved."""
    rng = np.random.default_rng(0)
    fields = [ndimage.gaussian_filter(rng.normal(size=person.truth.shape), over) for _ in range(2)]
    at = [
        (np.rint(index + px * field / field.std()).astype(int)).clip(0, side - 1)
        for index, field, side in zip(np.indices(person.truth.shape), fields, person.truth.shape, strict=True)
    ]
    return np.asarray(person.truth[at[0], at[1]], np.uint8)


def main(
    data: Annotated[Path, typer.Option(help="Folder of the public data sets.")] = DATA,
    people: Annotated[int, typer.Option(help="So many people at most.")] = 14,
) -> None:
    """Trials by labels that are partly true."""
    with guard(), bar() as progress:
        masks = street_split(data / "parsing", progress=progress)[1]
        parser = Parts.shipped()
        crowd = people_of(masks, parser, "looked", people, progress)
        plain = dict(zip((one.name for one in crowd), parser.parse_labels([one.photo for one in crowd]), strict=True))
        ways: dict[str, Callable[[Person], LabelMap]] = {
            "true": lambda person: person.truth,
            "parser's, as they come": lambda person: plain[person.name],
            "parser's, in four sizes and weighed by own colours": lambda person: person.seen,
            "the latter's edges, true names": true_names,
            "true edges, the latter's names": true_edges,
        }
        for px, over in WAVER:
            ways[f"true, edges moved by {px} px"] = partial(wavering, px=px, over=over)
        told = {}
        for done, (name, labels_of) in enumerate(ways.items(), start=1):
            told[name] = trials(crowd, labels_of)
            progress("labels that are partly true", done, len(ways))
    print(f"{machine()}; {len(crowd)} people\n")
    print("| labels | tried | refused | SSIM | IoU of the place |\n|---|---|---|---|---|")
    for name, (found, refused) in told.items():
        print(f"| {name} | {len(found)} | {refused} | {found[:, 0].mean():.3f} | {found[:, 1].mean():.3f} |")
    print(f"\n| true garment, called | {' | '.join(PARTS)} |\n|---|{'---|' * len(PARTS)}")
    for part in CUTS:
        code = PARTS.index(part)
        shares = [
            np.bincount(one.seen[one.truth == code], minlength=len(PARTS)) / (one.truth == code).sum()
            for one in crowd
            if (one.truth == code).mean() >= LEAST[part]
        ]
        print(f"| {part} ({len(shares)}) | {' | '.join(f'{share:.1%}' for share in np.mean(shares, 0))} |")


def trials(crowd: list[Person], labels_of: Callable[[Person], LabelMap]) -> tuple[np.ndarray, int]:
    """SSIM and IoU of each trial [N, 2], and how many were refused."""
    found, refused = [], 0
    for number, person in enumerate(crowd, start=1):
        labels = labels_of(person)
        for part, cut in CUTS.items():
            mask = person.truth == PARTS.index(part)
            if mask.mean() < LEAST[part]:
                continue
            cut_out = bent(person.photo, mask, np.random.default_rng([number, PARTS.index(part)]))
            piece = ShownPiece(cut_out.photo, cut_out.mask, cut)
            try:
                tried = try_on(person.photo, labels, piece, joints=person.joints["parser"], light=0.0)
            except PhotoRefused:
                refused += 1
                continue
            iou = (tried.region & mask).sum() / (tried.region | mask).sum()
            found.append((likeness(person.photo, tried.photo, mask), float(iou)))
    return np.array(found), refused


if __name__ == "__main__":
    typer.run(main)
