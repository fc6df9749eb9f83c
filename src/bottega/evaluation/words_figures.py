"""How words among photos are judged: what one finds by them, "like this but blue", and titles by their own photo.

**words**: of the ten photos first for "Red Shirts", how many are red shirts; with listings as they are, and with
listings that say nothing but the first word of the title. **but**: a photo and a colour in, is the same line in that
colour among ten? **title**: is a title's own photo among ten?
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from bottega.datasets.photos.catalogue import PhotoCatalogue
from bottega.datasets.words import search_words
from bottega.models.search.listing import Listing
from bottega.models.search.word_search import WordSearch
from bottega.models.vision.joint_space import AWAY, MOVE, JointSpace
from bottega.models.vision.words_recipe import texts
from bottega.names import FloatArray

__all__ = ["BARS", "judge_words"]

K = 10
BARS = {"words_poor_listings": 0.5, "but_recall@10": 0.5}
"""Aims that the card is measured by."""


def judge_words(
    space: JointSpace, vectors: FloatArray, catalogue: PhotoCatalogue, *, photo_weight: float
) -> dict[str, float]:
    """All figures, on photos (with their `vectors` [N, E]) that nobody learnt from.

    `photo_weight`: what a photo's likeness counts beside a listing's words.
    """
    found = words_found(space, vectors, catalogue, photo_weight) | but_found(space, vectors, catalogue)
    found |= titles_found(space, vectors, texts(catalogue))
    found["but_recall@10"] = found[f"but_plus_{MOVE}_minus_{AWAY}"]
    return found | {"products": len(catalogue)}


def words_found(
    space: JointSpace, vectors: FloatArray, catalogue: PhotoCatalogue, photo_weight: float
) -> dict[str, float]:
    """Precision at ten of "colour type" for pairs with five products or more: by photo, by listing, by both."""
    pairs = np.array([f"{a} {b}" for a, b in zip(catalogue.labels["color"], catalogue.labels["type"], strict=True)])
    asked = [pair for pair, n in Counter(pairs.tolist()).items() if n >= 5 and not pair.startswith(" ")]
    brands = [[search_words(title)[0]] if search_words(title) else [] for title in catalogue.titles]
    listings = {"good": texts(catalogue), "poor": brands}
    found: dict[str, float] = {}
    pictured = [space.embed([search_words(pair)])[0] @ vectors.T for pair in asked]
    found["words_photos"] = _precision(pictured, pairs, asked)
    for name, held in listings.items():
        search = WordSearch()
        search.add(range(len(held)), [Listing(" ".join(words)) for words in held])
        listed = []
        for pair in asked:
            scores = np.zeros(len(held), dtype=np.float32)
            answer = search.search(pair, len(held))
            scores[answer.ids] = answer.scores / max(answer.scores.max(initial=0.0), 1e-9)
            listed.append(scores)
        both = [one + photo_weight * _between(other) for one, other in zip(listed, pictured, strict=True)]
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
