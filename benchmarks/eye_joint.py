"""Whether one trunk for everything is as good as a trunk for each thing; page: eye_joint.md.

GrokNet's claim, tried at a small size: the joint trunk and each single-task trunk learn for the same number of steps,
from photos of 64 pixels, and each single-task trunk is compared with the joint one on what it was made for.

    python benchmarks/eye_joint.py [--steps 700] [--json]

attributes: top-1 of type, subcategory, gender and color. line: mAP of the same line among the held-out photos. words:
mean average precision of the title words that occur. garments: the same of the labels of held-out street photos. drawn:
top-1 of the type of other drawn products.
"""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from bottega.datasets.photos.catalogue import PhotoCatalogue
from bottega.datasets.photos.drawn import draw_photos
from bottega.datasets.photos.kept_aside import street_split
from bottega.evaluation.eye_figures import answers_of, judge_answers
from bottega.evaluation.photo_measures import average_precision
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.eye.fitting import STORED_PX, fit_eye
from bottega.models.vision.eye.material import Known
from bottega.models.vision.eye.recipe import DRAWN_SEED, SAME_TYPE, known_of
from bottega.models.vision.eye.tasks import SHARES, TASKS
from bottega.models.vision.eye.training import Training
from bottega.names import FloatArray
from bottega.progress import Progress
from bottega.serving.cli.console import bar, guard
from common import DATA, machine

SINGLE: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "attributes": (("type", "subcategory", "category", "gender", "color", "usage"), ("catalogue",)),
    "line": (("line",), ("catalogue", "street")),
    "words": (("words",), ("catalogue",)),
    "garments": (("garments",), ("street",)),
    "drawn": (("type", "subcategory", "category"), ("drawn",)),
}
"""Trunk -> its tasks, and the photo sets it learns from (street photos lie behind the products of `line`, too)."""


def precision(chances: FloatArray, true: FloatArray) -> float:
    """Mean average precision over the marks that occur."""
    columns = np.flatnonzero(true.any(0) & ~true.all(0))
    return float(np.mean([average_precision(chances[:, column], true[:, column] > 0) for column in columns]))


def measures(eye: Eye, judged: PhotoCatalogue, trunk: str) -> dict[str, float]:
    """What trunk `trunk` was made for."""
    if trunk in {"attributes", "line"}:
        found = judge_answers(answers_of(eye, judged), judged, learnt_types={}, train_s=None).values
        wanted = ("line_map",) if trunk == "line" else ("type_top1", "subcategory_top1", "gender_top1", "colour_top1")
        return {key: float(found[key] or 0) for key in wanted}
    if trunk == "words":
        looks = eye.look(list(judged.photos(STORED_PX)))
        return {"words_map": precision(looks.words, judged.word_marks(eye.words))}
    if trunk == "garments":
        _, unseen = street_split(DATA / "parsing")
        names = eye.config.heads["garments"]
        true = np.array([[unseen.labels.index(name) in mask for name in names] for mask in unseen.masks], np.float32)
        return {"garments_map": precision(eye.marks(list(unseen.photos), "garments"), true)}
    drawn = draw_photos(200, STORED_PX, seed=DRAWN_SEED + 1)
    said = np.array(eye.heads["type"])[eye.look(list(drawn.photos)).probabilities["type"].argmax(1)]
    true_types = np.array([SAME_TYPE.get(label, label) for label in drawn.labels["type"]])
    return {"drawn_type_top1": float((said == true_types).mean())}


def fitted(
    known: list[Known], marks: dict[str, tuple[str, ...]], trunk: str | None, steps: int, progress: Progress
) -> Eye:
    """The joint trunk (None) or a single-task one, after `steps` steps."""
    tasks, data = TASKS, known
    if trunk is not None:
        names, sets = SINGLE[trunk]
        tasks = tuple(task for task in TASKS if task.name in names)
        data = [one for one in known if one.name in sets]
    config = replace(Training(), sizes=((1.0, 64),), second_opinion=False)
    share = SHARES[data[0].name] / sum(SHARES[one.name] for one in data)
    epochs = steps * share * config.batch_size / (max(len(one.photos) for one in data))
    rng = np.random.default_rng(0)
    return fit_eye(
        data,
        marks=marks,
        rng=rng,
        version="joint",
        config=replace(config, epochs=epochs),
        tasks=tasks,
        progress=progress,
    )


def main(
    steps: Annotated[int, typer.Option(help="Steps of 64 pictures each trunk learns for.")] = 700,
    data: Annotated[Path, typer.Option(help="Folder with styles.csv and images/.")] = DATA / "fashion",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Train six trunks and print what each says of its own task, beside the joint one."""
    with guard(), bar() as progress:
        catalogue = PhotoCatalogue.read(data)
        learnt, held_out = catalogue.split_lines(0.15, np.random.default_rng(0))
        judged = catalogue.take(held_out)
        known, marks = known_of(catalogue.take(learnt), seed=0, street=DATA / "parsing", progress=progress)
        started = time.perf_counter()
        joint = fitted(known, marks, None, steps, progress)
        rows: dict[str, dict[str, float]] = {}
        for trunk in SINGLE:
            alone = measures(fitted(known, marks, trunk, steps, progress), judged, trunk)
            both = measures(joint, judged, trunk)
            rows |= {key: {"single": round(alone[key], 4), "joint": round(both[key], 4)} for key in alone}
    if as_json:
        print(json.dumps(rows | {"steps": steps, "train_s": round(time.perf_counter() - started)}))
        return
    print(f"{machine()}; {steps} steps a trunk\n\n| measure | its own trunk | joint | joint - own |\n|---|---|---|---|")
    for key, row in rows.items():
        print(f"| {key} | {row['single']:.3f} | {row['joint']:.3f} | {row['joint'] - row['single']:+.3f} |")


if __name__ == "__main__":
    typer.run(main)
