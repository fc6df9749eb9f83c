"""What projected regions add: the shipped parser's refining head learnt anew, with and without; page: parts.md.

    python benchmarks/parts_projection.py --street FOLDER [--steps N] [--seed N] [--json]

The shipped trunk and first pass stay as they are; two refining heads learn from the photos that the trunk learnt from,
by the same views in the same order, and are judged on the photos held out from it. The first pass is judged, too.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer

from bottega.datasets.photos.kept_aside import SPLIT_SEED, STREET_HELD_OUT
from bottega.datasets.photos.masks import PARTS, PhotoMasks
from bottega.evaluation.parts_figures import judge_parts
from bottega.models.vision.parts.fitting import fit_parser
from bottega.models.vision.parts.network import PartsNetwork, PartsShape
from bottega.models.vision.parts.parser import Parts, PartsConfig
from bottega.models.vision.parts.training import PartsTraining
from bottega.progress import Progress
from bottega.serving.cli.console import bar, guard
from common import DATA

_HEAD = ("hear.", "refine.")


def with_new_head(shipped: Parts, *, projection: bool, seed: int) -> Parts:
    """The shipped parser, its refining head untrained and all else frozen."""
    torch.manual_seed(seed)
    config = PartsConfig(shipped.config.image_px, "study", PartsShape(projection=projection))
    network = PartsNetwork(config.shape, len(PARTS))
    network.load_state_dict(
        {name: value for name, value in shipped.network.state_dict().items() if not name.startswith(_HEAD)},
        strict=False,
    )
    for name, parameter in network.named_parameters():
        parameter.requires_grad = name.startswith(_HEAD)
    return Parts(config, network)


def without_head(parser: Parts) -> Parts:
    """A parser that says what its first pass says."""
    last = parser.network.refine[-1]
    assert isinstance(last, torch.nn.Conv2d)
    assert last.bias is not None
    with torch.no_grad():
        last.weight.zero_()
        last.bias.zero_()
    return parser


def study(street: Path, steps: int, seed: int, progress: Progress) -> dict[str, dict[str, object]]:
    """Figures of the first pass, and of heads without and with projection."""
    learnt, judged = PhotoMasks.read(street).split(STREET_HELD_OUT, np.random.default_rng(SPLIT_SEED))
    found = {"first pass": judge_parts(without_head(Parts.shipped()), judged, progress=progress).figures}
    training = PartsTraining(steps=steps, sizes=((1.0, 192, 128),), average=0.98, pasted=0.1, on_plain=0.0)
    for name, projection in (("head", False), ("head with regions", True)):
        parser = with_new_head(Parts.shipped(), projection=projection, seed=seed)
        rng = np.random.default_rng(seed)
        fit_parser(learnt.photos, learnt.parts, rng=rng, training=training, start=parser, progress=progress)
        found[name] = judge_parts(parser, judged, progress=progress).figures
    return found


def main(
    street: Annotated[Path, typer.Option(help="Folder with photos/ and masks/.")] = DATA / "parsing",
    steps: Annotated[int, typer.Option(help="Batches that each head learns from.")] = 150,
    seed: Annotated[int, typer.Option(help="Of the heads and their views.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object as the last line.")] = False,
) -> None:
    with guard(), bar() as progress:
        found = study(street, steps, seed, progress)
    if as_json:
        print(json.dumps(found))
        return
    print("| | mIoU | pixel accuracy |\n|---|---|---|")
    for name, figures in found.items():
        print(f"| {name} | {figures['miou']:.4f} | {figures['pixel_accuracy']:.4f} |")


if __name__ == "__main__":
    typer.run(main)
