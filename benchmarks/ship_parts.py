"""Trains the parser that ships, on street and shop photos, and writes weights and card; parts.py --card adds measures.

python benchmarks/ship_parts.py [--street FOLDER] [--shop FOLDER] [--out FOLDER] [--seed N] [--threads N]
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer

from bottega.datasets.photos.masks import PhotoMasks
from bottega.models.blocks.shipped import weights_of
from bottega.models.vision.parts.parser import Parts
from eye_data import DATA
from parts_data import HELD_OUT, ROUNDS, SPLIT_SEED, shop_lessons, train_parts

LIMITS = (
    "Learnt from young people in street fashion, most of them women, whole and seen from the front; other postures, "
    "crowds and cropped photos are parsed worse. Things smaller than a hundredth of the picture's height are lost. "
    "Hats, scarves, glasses and jewellery are one part with bags. Children, wheelchairs, saris and robes were hardly "
    "ever there."
)
SOURCES = {
    "street": "Clothing Co-Parsing; Apache-2.0 on its repository, rights in the photos unclear",
    "shop": "Fashion Product Images, on a plain background; MIT on its data card, rights in the photos unclear",
}


def main(
    street: Annotated[Path, typer.Option(help="Folder with photos/ and masks/.")] = DATA / "parsing",
    shop: Annotated[Path, typer.Option(help="Folder with styles.csv and images/.")] = DATA / "fashion",
    out: Annotated[Path, typer.Option(help="Where the weights go.")] = weights_of("vision") / "parts",
    seed: Annotated[int, typer.Option(help="Seed of the training.")] = 0,
    threads: Annotated[int, typer.Option(help="Threads.")] = 1,
) -> None:
    """Train, save after each round, and write the card."""
    torch.set_num_threads(threads)
    out.mkdir(parents=True, exist_ok=True)
    started = time.perf_counter()

    def progress(task: str, done: int, total: int | None = None, note: str = "") -> None:
        if done % 40 == 0 or done == total:
            typer.echo(f"{time.strftime('%H:%M:%S')} {task} {done}/{total} {note}", err=True)

    learnt, held_out = PhotoMasks.read(street).split(HELD_OUT, np.random.default_rng(SPLIT_SEED))
    lessons = shop_lessons(shop, seed=seed, progress=progress)

    def after(number: int, parser: Parts) -> None:
        parser.save(out)
        card = {
            "name": "parts",
            "version": parser.version,
            "trained_on": {
                "street": f"parsing/, {len(learnt)} photos ({SOURCES['street']})",
                "shop": f"fashion/, {len(lessons.material)} photos ({SOURCES['shop']})",
            },
            "split": {
                "held_out_photos": len(held_out),
                "held_out_names": held_out.fingerprint,
                "share": HELD_OUT,
                "seed": SPLIT_SEED,
            },
            "seed": seed,
            "steps": sum(one.steps for one in ROUNDS[:number]),
            "rounds": f"{number} of {len(ROUNDS)}",
            "train_s": round(time.perf_counter() - started),
            "train_cpu_s": round(time.process_time()),
            "threads": threads,
            "limits": LIMITS,
        }
        (out / "card.json").write_text(json.dumps(card, indent=2) + "\n")

    train_parts(learnt, shop=lessons, seed=seed, after=after, progress=progress)


if __name__ == "__main__":
    typer.run(main)
