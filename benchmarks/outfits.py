"""Judges what goes with what on people whose photos were not learnt from; page: outfits.md.

    python benchmarks/outfits.py [--data FOLDER] [--eye FOLDER] [--ship] [--json]

FOLDER holds `photos/`, `masks/` and `labels.txt`. Five folds by photo: garments of four fifths of the people teach,
those of the others are asked about. AUC: the probability that two garments of one person score above one of them beside
a garment of the same slot of someone else. Fill in the blank: one garment of a person is hidden and has to be told from
three of its slot. `--ship` trains on everyone and writes the weights that come with Bottega.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray
from scipy.stats import rankdata

from bottega.datasets.photos.masks import PhotoMasks
from bottega.evaluation.intervals import Interval, difference, interval
from bottega.models.blocks.shipped import weights_of
from bottega.models.vision.colours import dominant_colours
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.harmony import COLOURS
from bottega.models.vision.outfits import Garments, Outfits, OutfitsConfig
from bottega.models.vision.outfits_training import pairs_within, slot_masks, worn_garments
from bottega.names import BoolArray, FloatArray, IntArray
from eye_data import DATA

FOLDS, CHOICES, NEGATIVES, SEED = 5, 4, 3, 0
LIGHT_TRIES = 12
"""Negatives of like light are the likest of so many."""
VARIANTS = {
    "vectors and colours": OutfitsConfig(),
    "vectors, no colours": OutfitsConfig(colours=False),
    "colours, no vectors": OutfitsConfig(vectors=False),
}
POPULAR = "popular colour"
Scores = NDArray[np.float64]


@dataclass(frozen=True)
class People:
    """Garments [N], the person of each [N], and the light of each one's photo [N, 3]: Lab of what has no label."""

    garments: Garments
    person: IntArray
    light: FloatArray

    def take(self, rows: IntArray) -> People:
        return People(self.garments.take(rows), self.person[rows], self.light[rows])


def read_people(folder: Path, eye: Eye) -> People:
    """The garments of everyone."""
    found = PhotoMasks.read(folder)
    people = [(photo, slot_masks(mask, found.labels)) for photo, mask in zip(found.photos, found.masks, strict=True)]
    garments, person = worn_garments(
        people,
        lambda photos: eye.look(photos).vectors,
        lambda photo, mask: dominant_colours(photo, mask, count=COLOURS),
    )
    light = [
        dominant_colours(photo, mask == 0, count=1)[0].lab
        for photo, mask in zip(found.photos, found.masks, strict=True)
    ]
    return People(garments, person, np.array(light, dtype=np.float32)[person])


def negatives(people: People, pairs: IntArray, rng: np.random.Generator, *, like_light: bool) -> IntArray:
    """Each pair `NEGATIVES` times with one side replaced by a garment of its slot of another person."""
    rows = np.repeat(pairs, NEGATIVES, axis=0)
    for row, side in zip(rows, rng.integers(0, 2, len(rows)).tolist(), strict=True):
        slot, person = people.garments.slots[row[side]], people.person[row[side]]
        pool = np.flatnonzero((people.garments.slots == slot) & (people.person != person))
        drawn = rng.choice(pool, LIGHT_TRIES if like_light else 1)
        apart = np.square(people.light[drawn] - people.light[row[side]]).sum(axis=1)
        row[side] = drawn[apart.argmin()]
    return rows


def auc(right: Scores, wrong: Scores) -> float:
    """The probability that a right pair scores above a wrong one; ties count half."""
    ranks = rankdata(np.concatenate([right, wrong]))[: len(right)]
    return float((ranks.sum() - len(right) * (len(right) + 1) / 2) / (len(right) * len(wrong)))


def blanks(people: People, table: Scores, rng: np.random.Generator) -> Scores:
    """For each garment [N] whether it was told from `CHOICES` - 1 others of its slot, ties shared; NaN where the person
    wears nothing else. `table` [N, N]: how well two garments go together."""
    found = np.full(len(people.person), np.nan)
    slots = people.garments.slots
    for row in range(len(found)):
        beside = np.flatnonzero((people.person == people.person[row]) & (slots != slots[row]))
        pool = np.flatnonzero((people.person != people.person[row]) & (slots == slots[row]))
        if len(beside) and len(pool) >= CHOICES:
            choices = np.concatenate([[row], rng.choice(pool, CHOICES - 1, replace=False)])
            values = table[np.ix_(beside, choices)].mean(axis=0)
            best = np.flatnonzero(values == values.max())
            found[row] = 1 / len(best) if 0 in best else 0.0
    return found


def popular_colour(learnt: Garments, asked: Garments) -> Scores:
    """How common each garment's main colour is in its slot [N, N], the same beside every other."""

    def bins(garments: Garments) -> list[tuple[int, ...]]:
        lab = np.floor(garments.colours[:, :3] / (20, 15, 15)).astype(int)
        return [(int(slot), *row) for slot, row in zip(garments.slots, lab.tolist(), strict=True)]

    seen = dict(zip(*np.unique(np.array([str(one) for one in bins(learnt)]), return_counts=True), strict=True))
    worth: Scores = np.array([float(seen.get(str(one), 0)) for one in bins(asked)])
    return np.asarray(worth[None, :] + worth[:, None], dtype=np.float64)


def calibration_error(probability: Scores, true: BoolArray, bins: int = 10) -> float:
    """Expected calibration error over `bins` bins of equal count."""
    order = np.argsort(probability)
    gaps = [len(part) * abs(probability[part].mean() - true[part].mean()) for part in np.array_split(order, bins)]
    return float(sum(gaps) / len(probability))


def judge(people: People) -> tuple[dict[str, dict[str, Scores]], float]:
    """Per variant: AUC and AUC in like light of each fold, hits of each garment, calibration; seconds of one fit."""
    rng = np.random.default_rng(SEED)
    folds = np.array_split(rng.permutation(np.unique(people.person)), FOLDS)
    found: dict[str, dict[str, list[Scores]]] = {}
    seconds = []
    for number, fold in enumerate(folds):
        test = np.isin(people.person, fold)
        learnt, asked = (people.take(np.flatnonzero(rows).astype(np.int32)) for rows in (~test, test))
        pairs = pairs_within(asked.person, asked.garments.slots)
        wrong = {
            name: negatives(asked, pairs, np.random.default_rng(number), like_light=name == "auc_like_light")
            for name in ("auc", "auc_like_light")
        }
        tables: dict[str, Scores] = {POPULAR: popular_colour(learnt.garments, asked.garments)}
        for name, config in VARIANTS.items():
            started = time.process_time()
            model = Outfits(config).fit(
                learnt.garments,
                pairs_within(learnt.person, learnt.garments.slots),
                rng=np.random.default_rng(SEED),
                groups=learnt.person,
            )
            seconds.append(time.process_time() - started)
            tables[name] = model.logits(asked.garments, asked.garments).astype(np.float64)
        for name, table in tables.items():
            right, false = table[tuple(pairs.T)], {each: table[tuple(rows.T)] for each, rows in wrong.items()}
            drawn = false["auc"][::NEGATIVES]
            chances = 1 / (1 + np.exp(-np.clip(np.concatenate([right, drawn]), -30, 30)))
            values = {each: np.array([auc(right, scores)]) for each, scores in false.items()}
            values["fill_in_the_blank"] = blanks(asked, table, np.random.default_rng(number))
            values["ece"] = np.array([calibration_error(chances, np.arange(len(chances)) < len(right))])
            for each, value in values.items():
                found.setdefault(name, {}).setdefault(each, []).append(value)
    joined = {name: {each: np.concatenate(parts) for each, parts in one.items()} for name, one in found.items()}
    return joined, float(np.mean(seconds))


def ship(people: People, eye: Eye, measures: dict[str, float], out: Path) -> None:
    """Train on everyone, write weights and card."""
    started = time.process_time()
    pairs = pairs_within(people.person, people.garments.slots)
    model = Outfits(OutfitsConfig(eye=eye.version))
    model.fit(people.garments, pairs, rng=np.random.default_rng(SEED), groups=people.person)
    out.mkdir(parents=True, exist_ok=True)
    model.save(out)
    card = {
        "name": "outfits",
        "eye": eye.version,
        "trained_on": "garments of street photos (Clothing Co-Parsing), worn together",
        "people": len(np.unique(people.person)),
        "garments": len(people.person),
        "pairs": len(pairs),
        "seed": SEED,
        "seconds": round(time.process_time() - started, 1),
        "measured": "five folds by photo; the weights themselves learnt from everyone",
        "measures": measures,
    }
    (out / "card.json").write_text(json.dumps(card, indent=2) + "\n")


def cell(one: Interval) -> str:
    return f"{one.mean:.3f} ({one.low:.3f} to {one.high:.3f})"


def main(
    data: Annotated[Path, typer.Option(help="Folder with photos/, masks/ and labels.txt.")] = DATA / "parsing",
    eye_folder: Annotated[Path | None, typer.Option("--eye", help="A saved eye; the shipped one where absent.")] = None,
    out: Annotated[Path, typer.Option(help="Where --ship writes.")] = weights_of("vision") / "outfits",
    to_ship: Annotated[bool, typer.Option("--ship", help="Train on everyone and write the weights that ship.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object as the last line.")] = False,
) -> None:
    """Judge outfits."""
    eye = Eye.shipped() if eye_folder is None else Eye.load(eye_folder)
    started = time.perf_counter()
    people = read_people(data, eye)
    read_s = time.perf_counter() - started
    found, seconds = judge(people)
    best = next(iter(VARIANTS))
    print(f"{len(np.unique(people.person))} people, {len(people.person)} garments cut out and seen in {read_s:.0f} s; ")
    print(f"learning from four fifths of them: {seconds:.1f} s of one core; eye {eye.version}\n")
    print("| scores | AUC | AUC in like light | fill in the blank | ahead by | calibration error |")
    print("|---|---|---|---|---|---|")
    lines: dict[str, dict[str, float]] = {}
    for name, values in found.items():
        blank = values["fill_in_the_blank"]
        known = np.isfinite(blank) & np.isfinite(found[best]["fill_in_the_blank"])
        hits = interval(blank[known], np.random.default_rng(SEED))
        gap = difference(found[best]["fill_in_the_blank"][known], blank[known], np.random.default_rng(SEED))
        lines[name] = {each: round(float(np.nanmean(value)), 4) for each, value in values.items()}
        spread = [f"{values[each].mean():.3f} ± {values[each].std():.3f}" for each in ("auc", "auc_like_light")]
        calibrated = "" if name == POPULAR else f"{lines[name]['ece']:.3f}"
        print(f"| {name} | {' | '.join(spread)} | {cell(hits)} | {'' if name == best else cell(gap)} | {calibrated} |")
    print(f"| chance | 0.500 | 0.500 | {1 / CHOICES:.3f} | | |")
    if to_ship:
        ship(people, eye, lines[best], out)
    if as_json:
        size = {"people": len(np.unique(people.person)), "garments": len(people.person), "train_s": round(seconds, 2)}
        print(json.dumps(size | {"eye": eye.version, "chance": 1 / CHOICES, "scores": lines}))


if __name__ == "__main__":
    typer.run(main)
