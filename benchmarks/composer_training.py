"""Trains the composer of dressed pictures, from the beginning or on from where it was stopped; page: composer.md.

    python benchmarks/composer_training.py draw --work FOLDER [--outfits N]     dressed pictures to learn from, first
    python benchmarks/composer_training.py train --work FOLDER [--seconds N]

Seconds are those of the processor, where it learns on one. Photos and outfits are those that every training of what
ships learns from; what is kept aside is only judged by. What is finished is `FOLDER/composer`, like the one that ships.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import torch
import typer
from torch import Tensor

from bottega.models.studio.composer.lessons import FramedPeople, framed
from bottega.models.studio.composer.recipe import train_composer
from bottega.models.studio.composer.training import ComposerTraining
from bottega.models.vision.parts.parser import Parts
from bottega.serving.cli.console import bar, guard
from common import DATA
from composer_people import FRAME, people

SEED = 0
DRAWN_SEED = 11
DRAWN_SIZE = (288, 384)

app = typer.Typer(add_completion=False, help=__doc__)
Work = Annotated[Path, typer.Option(help="Folder of the training.")]
Data = Annotated[Path, typer.Option(help="Folder of the public data sets.")]


@app.command()
def draw(work: Work = Path("composer_work"), data: Data = DATA, outfits: int = 160) -> None:
    """Draw dressed pictures of lines learnt from, on which the critic is heard, too."""
    from composer_outfits import as_parts, headless, worn_outfits  # only drawing needs the parser and the bodies

    torch.set_num_threads(1)
    work.mkdir(parents=True, exist_ok=True)
    passed: Counter[str] = Counter()
    found = []
    with guard(), bar() as progress:
        for at, worn in enumerate(worn_outfits(data, held_out=False, seed=DRAWN_SEED, size=DRAWN_SIZE, passed=passed)):
            if at == outfits:
                break
            one = framed(worn.drawn.photo, headless(as_parts(worn.layers, worn.pieces), worn.drawn), FRAME)
            if one is not None:
                found.append((f"drawn/{at}", *one))
            progress("drawing outfits", at + 1, outfits)
    FramedPeople.of(found, FRAME).save(_drawn(work))
    print(f"{len(found)} outfits; passed over: {dict(passed)}")


@app.command()
def train(
    work: Work = Path("composer_work"),
    data: Data = DATA,
    seconds: Annotated[float, typer.Option(help="In all.")] = 2100,
    critic: Annotated[float, typer.Option(help="Weight of the critic's opinion.")] = ComposerTraining().critic,
    device: str = "auto",
) -> None:
    """Train the composer, or go on with it."""
    torch.set_num_threads(1)
    config = ComposerTraining(critic=critic)
    with guard(), bar() as progress:
        photos = FramedPeople.joined(people(data, work, FRAME, held_out=False, progress=progress))
        drawn = FramedPeople.load(_drawn(work)) if _drawn(work).exists() else None
        told = train_composer(
            photos,
            features_of(Parts.shipped()),
            work,
            drawn=drawn,
            seed=SEED,
            seconds=seconds,
            config=config,
            device=device,
            progress=progress,
        )
    print(json.dumps(told))


def features_of(parser: Parts) -> Callable[[Tensor], Sequence[Tensor]]:
    """What the first two stages of the parser's trunk, which are the eye's, see in pictures."""
    network = parser.network.requires_grad_(False).eval()

    def features(pictures: Tensor) -> list[Tensor]:
        maps = network.stem(((pictures - 0.5) / 0.25).contiguous(memory_format=torch.channels_last))
        kept = []
        for stage in network.stages[:2]:
            maps = stage(maps)
            kept.append(maps)
        return kept

    return features


def _drawn(work: Path) -> Path:
    return work / f"drawn_{FRAME[0]}x{FRAME[1]}_learnt.npz"


if __name__ == "__main__":
    app()
