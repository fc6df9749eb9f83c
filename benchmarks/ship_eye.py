"""Trains the eye that ships, on all but the held-out product lines, and writes weights and card.

The card's bars are measured by eye.py on the held-out lines of the same split; this script calls it at the end.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer
from rich.progress import Progress as Bars

from bottega.datasets.photos.catalogue import PhotoCatalogue, fingerprint
from bottega.models.blocks.shipped import weights_of
from bottega.models.vision.eye.fitting import fit_eye
from bottega.models.vision.eye.training import Training
from eye_data import DATA, known_of

HELD_OUT, SPLIT_SEED = 0.15, 0


def main(
    data: Annotated[Path, typer.Option(help="Folder with styles.csv and images/.")] = DATA / "fashion",
    out: Annotated[Path, typer.Option(help="Where the weights go.")] = weights_of("vision") / "eye",
    epochs: Annotated[float, typer.Option(help="Passes over the catalogue.")] = Training().epochs,
    version: Annotated[str, typer.Option(help="Stamp of its vectors; a new one for every new training.")] = "eye-2",
    seed: Annotated[int, typer.Option(help="Seed of the training.")] = 0,
    threads: Annotated[int, typer.Option(help="Threads.")] = 2,
) -> None:
    """Train, save, and write the card without its measures (eye.py --card adds them)."""
    torch.set_num_threads(threads)
    catalogue = PhotoCatalogue.read(data)
    learnt, held_out = catalogue.split_lines(HELD_OUT, np.random.default_rng(SPLIT_SEED))
    out.mkdir(parents=True, exist_ok=True)
    with Bars() as bars:
        tasks: dict[str, int] = {}

        def progress(task: str, done: int, total: int | None = None, note: str = "") -> None:
            if task not in tasks:
                tasks[task] = int(bars.add_task(task, total=total))
                bars.console.print(f"{time.strftime('%H:%M:%S')} {task}")
            bars.update(bars.task_ids[tasks[task]], completed=done, total=total)
            if done % 200 == 0:
                bars.console.print(f"{time.strftime('%H:%M:%S')} {task} {done}/{total} {note}")

        started = time.perf_counter()
        known, marks = known_of(catalogue.take(learnt), seed=seed, progress=progress)
        read_s = time.perf_counter() - started
        eye = fit_eye(
            known,
            marks=marks,
            rng=np.random.default_rng(seed),
            version=version,
            config=Training(epochs=epochs),
            progress=progress,
        )
    eye.save(out)
    card = {
        "name": "eye",
        "version": eye.version,
        "trained_on": {
            "catalogue": f"fashion/, {int(learnt.sum())} photos of {len(np.unique(catalogue.lines[learnt]))} lines",
            "street": "parsing/, four fifths of the photos",
            "drawn": "pictures of the demo shop's designs, drawn by bottega.datasets.photos.drawn",
        },
        "split": {
            "held_out_photos": int(held_out.sum()),
            "held_out_ids": fingerprint([catalogue.ids[row] for row in np.flatnonzero(held_out)]),
            "share": HELD_OUT,
            "seed": SPLIT_SEED,
        },
        "seed": seed,
        "epochs": epochs,
        "read_s": round(read_s, 1),
        "train_s": round(time.perf_counter() - started, 1),
        "threads": threads,
        "type_counts": _counts(catalogue.labels["type"]),
    }
    (out / "card.json").write_text(json.dumps(card, indent=2) + "\n")
    typer.echo(json.dumps({key: card[key] for key in ("version", "read_s", "train_s")}))


def _counts(labels: tuple[str, ...]) -> dict[str, int]:
    names, counts = np.unique([label for label in labels if label], return_counts=True)
    return dict(zip(names.tolist(), counts.tolist(), strict=True))


if __name__ == "__main__":
    typer.run(main)
