"""Judges what photos add for products that nobody has touched yet; page: visual_cold.md.

    python benchmarks/visual_cold.py [--eye FOLDER] [--feed FOLDER] [--json]

Draws the demo shop (or reads one drawn before: a folder with catalogue.jsonl, events.csv and images/), lets the eye
look at its pictures, and takes 8% of the products out as new: no event on them is known. Every shopper who came to one
of them is asked for it, from the events before on the other products. The content recommender answers with and without
photo vectors, with the whole listing of the new products, without their words, and with nothing but their photo.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from scipy import sparse

from bottega.actions.demo.write_demo import write_demo
from bottega.actions.intake.import_catalogue import import_catalogue
from bottega.actions.intake.import_events import import_events
from bottega.actions.intake.shapes import ImportCatalogueRequest, ImportEventsRequest
from bottega.datasets.arrays import Features, Histories
from bottega.datasets.load import Dataset, load_dataset
from bottega.evaluation.intervals import difference, interval
from bottega.models.recommend.accuracy import recall, target_ranks
from bottega.models.recommend.counted.content import Content, ContentConfig
from bottega.models.vision.eye.eye import Eye
from bottega.names import BoolArray, IntArray
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.shop.search.looking import look_at_catalogue

SHARE, SEED, LEAST_EVENTS = 0.08, 0, 5
WEIGHTS = (0.0, 0.25, 0.5, 1.0, 2.0)
"""Weights of the photo in the content model; 0 is without."""
MEASURES = {"hit@5 among new": (5, True), "recall@20 among all": (20, False)}


def read_shop(feed: Path | None, eye: Eye) -> Dataset:
    """The demo shop as arrays, its pictures looked at."""
    with tempfile.TemporaryDirectory() as folder, ShopFolder.open(Path(folder) / "shop") as shop:
        if feed is None:
            feed = Path(folder) / "feed"
            write_demo(feed)
        import_catalogue(OpenShop(shop), ImportCatalogueRequest(source=feed / "catalogue.jsonl"))
        import_events(OpenShop(shop), ImportEventsRequest(source=feed / "events.csv"))
        look_at_catalogue(shop, eye)
        return load_dataset(shop.store)


def listings(features: Features, new: BoolArray) -> dict[str, Features]:
    """The same products, less and less told of the new ones [I]."""
    rest = sparse.diags(np.where(new, 0.0, 1.0).astype(np.float32))
    no_words = replace(features, text=sparse.csr_matrix(rest @ features.text))
    nothing = replace(no_words, attributes=sparse.csr_matrix(rest @ features.attributes))
    return {"whole listing": features, "no words": no_words, "photo alone": nothing}


def questions(histories: Histories, new: BoolArray) -> tuple[Histories, IntArray]:
    """Each shopper's newest event on a new product, asked from the events before it on others."""
    inputs, targets = [], []
    for shopper in range(len(histories)):
        row = histories.row(shopper)
        hits = np.flatnonzero(new[row])
        if len(hits):
            before = row[: hits[-1]]
            before = before[~new[before]]
            if len(before):
                inputs.append(before.tolist())
                targets.append(int(row[hits[-1]]))
    return Histories.from_lists(inputs, n_items=histories.n_items), np.array(targets, dtype=np.int32)


def main(
    eye_folder: Annotated[Path | None, typer.Option("--eye", help="A saved eye; the shipped one where absent.")] = None,
    feed: Annotated[Path | None, typer.Option(help="A demo shop's files; drawn anew where absent.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object as the last line.")] = False,
) -> None:
    """Judge photos of new products."""
    eye = Eye.shipped() if eye_folder is None else Eye.load(eye_folder)
    dataset = read_shop(feed, eye)
    features, rng = dataset.features, np.random.default_rng(SEED)
    assert features.vectors is not None
    counts = np.bincount(dataset.histories.items, minlength=features.n_items)
    seen = np.isfinite(features.vectors).all(axis=1)
    able = np.flatnonzero((counts >= LEAST_EVENTS) & seen)
    new = np.zeros(features.n_items, dtype=np.bool_)
    new[rng.choice(able, round(SHARE * len(able)), replace=False)] = True
    asked, targets = questions(dataset.histories, new)
    had = np.zeros((len(targets), features.n_items), dtype=np.bool_)
    had[asked.shoppers, asked.items] = True
    print(f"{features.n_items} products, {int(seen.sum())} with a picture, {int(new.sum())} of them new; ", end="")
    print(
        f"{len(targets)} questions; eye {eye.version}; by chance {5 / new.sum():.3f} and {20 / features.n_items:.3f}\n"
    )
    print("| told of new products | photo weight | " + " | ".join(f"{name} | ahead" for name in MEASURES) + " |")
    print("|---" * (2 + 2 * len(MEASURES)) + "|")
    lines = []
    for name, told in listings(features, new).items():
        without: dict[str, np.ndarray] = {}
        for weight in WEIGHTS:
            model = Content(ContentConfig(vector_weight=weight)).fit(dataset.histories, told, rng=rng)
            scores = np.where(had, -np.inf, model.score(asked)).astype(np.float32)
            line: dict[str, float | str] = {"told": name, "photo_weight": weight}
            cells = []
            for measure, (k, among_new) in MEASURES.items():
                hits = recall(target_ranks(np.where(new, scores, -np.inf) if among_new else scores, targets), k)
                without.setdefault(measure, hits)
                found, gap = interval(hits, rng), difference(hits, without[measure], rng)
                line |= {measure: round(found.mean, 4), f"{measure} ahead": round(gap.mean, 4)}
                ahead = f"{gap.mean:+.3f} ({gap.low:+.3f} to {gap.high:+.3f})" if weight else ""
                cells += [f"{found.mean:.3f} ({found.low:.3f} to {found.high:.3f})", ahead]
            lines.append(line)
            print(f"| {name} | {weight} | {' | '.join(cells)} |")
    if as_json:
        print(json.dumps({"eye": eye.version, "questions": len(targets), "new": int(new.sum()), "lines": lines}))


if __name__ == "__main__":
    typer.run(main)
