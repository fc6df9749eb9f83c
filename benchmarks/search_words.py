"""Words among photos, and "like this but blue", on product lines that nobody learnt from; page: search_words.md.

    python benchmarks/search_words.py [--photos FOLDER] [--vectors FILE] [--ship] [--json]

FOLDER holds `styles.csv` and `images/`; the shipped eye looks at the photos once. The tower is fitted on the lines that
the eye learnt from, and asked about those held out from both. Three questions, each against what one has without it.
**words**: of the ten photos first for "Red Shirts", how many are red shirts; with listings as they are, and with
listings that say nothing but the first word of the title. **but**: a photo and a colour in, is the same line in that
colour among ten? **title**: is a title's own photo among ten? With --ship the tower goes into the package, with a card.
"""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from bottega.actions.search.words import PHOTO_WEIGHT
from bottega.datasets.photos.catalogue import PhotoCatalogue, fingerprint
from bottega.datasets.photos.reading import read_photo
from bottega.datasets.words import search_words
from bottega.models.blocks.shipped import weights_of
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.joint_space import AWAY, MOVE, JointSpace
from bottega.models.vision.text_search import TextSearch
from bottega.names import FloatArray

DATA = Path(os.environ.get("BOTTEGA_DATA", Path(__file__).parents[2] / "shared" / "data"))
HELD_OUT, SPLIT_SEED = 0.15, 0
"""The split of ship_eye.py."""
K = 10
FACTS = ("category", "subcategory", "type", "gender", "color", "usage")
AT_A_TIME = 256
BARS = {"words_poor_listings": 0.5, "but_recall@10": 0.5}
"""Aims that the card is measured by."""


def looked(catalogue: PhotoCatalogue, eye: Eye) -> FloatArray:
    """Vectors [N, E] of every photo."""
    starts = range(0, len(catalogue), AT_A_TIME)
    return np.concatenate(
        [eye.look([read_photo(p) for p in catalogue.paths[start : start + AT_A_TIME]]).vectors for start in starts]
    )


def texts(catalogue: PhotoCatalogue) -> list[list[str]]:
    """Words of each product: its title's, and those of its labels."""
    facts = zip(*(catalogue.labels[head] for head in FACTS), strict=True)
    return [search_words(" ".join([title, *row])) for title, row in zip(catalogue.titles, facts, strict=True)]


def words_found(space: JointSpace, vectors: FloatArray, catalogue: PhotoCatalogue) -> dict[str, float]:
    """Precision at ten of "colour type" for pairs with five products or more: by photo, by listing, by both."""
    pairs = np.array([f"{a} {b}" for a, b in zip(catalogue.labels["color"], catalogue.labels["type"], strict=True)])
    asked = [pair for pair, n in Counter(pairs.tolist()).items() if n >= 5 and not pair.startswith(" ")]
    brands = [[search_words(title)[0]] if search_words(title) else [] for title in catalogue.titles]
    listings = {"good": texts(catalogue), "poor": brands}
    found: dict[str, float] = {}
    pictured = [space.embed([search_words(pair)])[0] @ vectors.T for pair in asked]
    found["words_photos"] = _precision(pictured, pairs, asked)
    for name, held in listings.items():
        search = TextSearch()
        search.add(range(len(held)), held, [[]] * len(held))
        listed = []
        for pair in asked:
            scores = np.zeros(len(held), dtype=np.float32)
            answer = search.search(search_words(pair), len(held))
            scores[answer.ids] = answer.scores / max(answer.scores.max(initial=0.0), 1e-9)
            listed.append(scores)
        both = [one + PHOTO_WEIGHT * _between(other) for one, other in zip(listed, pictured, strict=True)]
        found[f"words_{name}_listings_alone"] = _precision(listed, pairs, asked)
        found[f"words_{name}_listings"] = _precision(both, pairs, asked)
    return found | {"words_asked": len(asked)}


def _between(scores: FloatArray) -> FloatArray:
    """The best 200 scores [N] from 0 to 1, the rest 0: as `actions/search/words.py` fuses them."""
    last, most = np.sort(scores)[-min(200, len(scores))], scores.max()
    return np.asarray(np.clip((scores - last) / max(most - last, 1e-9), 0, None), dtype=np.float32)


def _precision(scores: Sequence[FloatArray], labels: np.ndarray, asked: Sequence[str]) -> float:
    shares = []
    for row, pair in zip(scores, asked, strict=True):
        first = np.argsort(-row, kind="stable")[:K]
        right = (labels[first] == pair) & (row[first] > 0 if row.min() >= 0 else True)
        shares.append(right.sum() / min(K, int((labels == pair).sum())))
    return round(float(np.mean(shares)), 4)


def but_found(space: JointSpace, vectors: FloatArray, catalogue: PhotoCatalogue) -> dict[str, float]:
    """Recall at ten of the same line in the colour asked for: photo alone, words alone, moved by several weights."""
    colours = np.array(catalogue.labels["color"])
    names = sorted(set(colours.tolist()) - {""})
    place = {name: i for i, name in enumerate(names)}
    table = space.embed([search_words(name) for name in names])
    guessed = (vectors @ table.T).argmax(axis=1)
    asks = [
        (row, other)
        for row in range(len(catalogue))
        for other in sorted(set(colours[catalogue.lines == catalogue.lines[row]].tolist()) - {colours[row], ""})
    ]
    rows = np.array([row for row, _ in asks])
    wanted = np.array([place[colour] for _, colour in asks])
    right = (catalogue.lines[rows][:, None] == catalogue.lines) & (np.array(names)[wanted][:, None] == colours)
    kinds = [search_words(f"{colour} {catalogue.labels['type'][row]}") for row, colour in asks]

    def recall(queries: FloatArray) -> float:
        scores = queries @ vectors.T
        scores[np.arange(len(rows)), rows] = -9
        first = np.argpartition(-scores, K, axis=1)[:, :K]
        return round(float(np.take_along_axis(right, first, 1).any(axis=1).mean()), 4)

    found = {"but_asked": float(len(asks)), "but_photo_alone": recall(vectors[rows])}
    found["but_words_alone"] = recall(space.embed(kinds))
    for plus in (0.5, 1.0, MOVE, 2.0):
        for minus in (0.0, AWAY, 1.0):
            moved = vectors[rows] + plus * table[wanted] - minus * table[guessed[rows]]
            found[f"but_plus_{plus}_minus_{minus}"] = recall(moved)
    return found


def titles_found(space: JointSpace, vectors: FloatArray, said: Sequence[Sequence[str]]) -> dict[str, float]:
    """How often a title's own photo is among the first ten."""
    scores = space.embed(said) @ vectors.T
    return {"title_recall@10": round(float(((scores > np.diag(scores)[:, None]).sum(axis=1) < K).mean()), 4)}


def measured(catalogue: PhotoCatalogue, vectors: FloatArray, version: str) -> tuple[JointSpace, dict[str, float]]:
    """Fit on the lines that the eye learnt from, ask about the others."""
    learn, held_out = catalogue.split_lines(HELD_OUT, np.random.default_rng(SPLIT_SEED))
    said = texts(catalogue)
    started = time.perf_counter()
    space = JointSpace().fit(
        [text for text, mine in zip(said, learn, strict=True) if mine],
        vectors[learn],
        rng=np.random.default_rng(0),
        version=version,
    )
    seconds = time.perf_counter() - started
    rest, seen = catalogue.take(held_out), vectors[held_out]
    mine = [text for text, other in zip(said, held_out, strict=True) if other]
    found = words_found(space, seen, rest) | but_found(space, seen, rest) | titles_found(space, seen, mine)
    found["but_recall@10"] = found[f"but_plus_{MOVE}_minus_{AWAY}"]
    return space, found | {"products": len(rest), "train_s": round(seconds, 1)}


def ship(space: JointSpace, catalogue: PhotoCatalogue, found: dict[str, float]) -> Path:
    """Write weights and card into the package."""
    folder = weights_of("vision") / JointSpace.name
    folder.mkdir(parents=True, exist_ok=True)
    space.save(folder)
    learn, held_out = catalogue.split_lines(HELD_OUT, np.random.default_rng(SPLIT_SEED))
    bars = {name: {"value": found[name], "bar": bar, "met": found[name] >= bar} for name, bar in BARS.items()}
    card = {
        "name": JointSpace.name,
        "eye": space.version,
        "trained_on": f"fashion/, titles and labels of {int(learn.sum())} products with a photo",
        "split": {"held_out_ids": fingerprint([catalogue.ids[row] for row in np.flatnonzero(held_out)])},
        "seed": 0,
        "measured": found,
        "bars": bars,
    }
    (folder / "card.json").write_text(json.dumps(card, indent=2) + "\n")
    return folder


def main(
    photos: Annotated[Path, typer.Option(help="Folder with styles.csv and images/.")] = DATA / "fashion",
    vectors: Annotated[Path | None, typer.Option(help="Kept vectors of the same eye and photos, .npy.")] = None,
    shipping: Annotated[bool, typer.Option("--ship", help="Write the tower into the package.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one object.")] = False,
) -> None:
    """Measure, and ship where asked to."""
    catalogue, eye = PhotoCatalogue.read(photos), Eye.shipped()
    if vectors is not None and vectors.exists():
        seen: FloatArray = np.load(vectors)
    else:
        seen = looked(catalogue, eye)
        if vectors is not None:
            np.save(vectors, seen)
    space, found = measured(catalogue, seen, eye.version)
    if shipping:
        folder = ship(space, catalogue, found)
        size = sum(path.stat().st_size for path in folder.iterdir())
        print(f"{folder.name}: {size / 2**20:.2f} MB")
    if as_json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"| {name} | {value:g} |")


if __name__ == "__main__":
    typer.run(main)
