"""How the heads of sentiment are learnt: from sentences that were written for it, a file a language beside this one.

Idea     Logistic regressions; a sentence of a contrast teaches by its last clause alone. What the sentences are about,
         whether they praise, and how a size is wrong stands before each of them.
Data     sentences/<language>.tsv: aspect, polarity (-1, 0, 1), sentence; written by hand, no shop's and no shopper's.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from importlib import resources
from itertools import product
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bottega.languages.stems import LANGUAGES
from bottega.models.blocks.cards import bars, write_card
from bottega.models.blocks.logistic import fit_softmax
from bottega.models.blocks.text_encoder import TextEncoder
from bottega.models.wording.clauses import clauses_of
from bottega.models.wording.sentiment import (
    ASPECT_CLASSES,
    OVERALL,
    POLARITIES,
    SURE_POLARITY,
    WAYS,
    SentimentHeads,
    clause_features,
)
from bottega.names import FloatArray

__all__ = ["Taught", "held_out", "learn_heads", "make_heads", "taught_sentences"]

RIDGES = {"floor": 0.3}
RIDGE = 1.0
"""Penalty of the weights; less where vectors weigh little (`VECTOR_SCALES`)."""
FOLDS = 8
STEPS = 300


class Taught(NamedTuple):
    """One sentence that teaches."""

    text: str
    language: str
    aspect: str
    polarity: str
    way: str


def taught_sentences() -> list[Taught]:
    """All of them, in the order of their files."""
    found = []
    for language in LANGUAGES:
        file = resources.files(__package__) / "sentences" / f"{language}.tsv"
        for line in file.read_text("utf-8").splitlines():
            what, sign, text = line.split("\t")
            aspect, _, way = what.partition(".")
            clause = clauses_of(text, language)[-1]
            way = way if way in WAYS else "neither"
            aspect = OVERALL if aspect == "none" else aspect
            found.append(Taught(clause.text, language, aspect, POLARITIES[int(sign) + 1], way))
    return found


def learn_heads(encoder: TextEncoder, sentences: Sequence[Taught] | None = None) -> SentimentHeads:
    """Heads for the vectors of an encoder."""
    taught = list(sentences or taught_sentences())
    features_NF = clause_features(encoder, [one.text for one in taught], [one.language for one in taught])
    return _fitted(encoder, features_NF, taught)


def held_out(encoder: TextEncoder, *, seed: int = 0) -> dict[str, float]:
    """Of sentences that were not learnt from: shares that are right, whether sure or not; of how many the polarity is
    sure, and how often that is right."""
    taught = taught_sentences()
    features_NF = clause_features(encoder, [one.text for one in taught], [one.language for one in taught])
    folds = np.random.default_rng(seed).permutation(len(taught)) % FOLDS
    right = {"aspect": 0, "polarity": 0, "polarity_sure": 0}
    right_of_sure = 0
    for fold in range(FOLDS):
        learnt = np.flatnonzero(folds != fold)
        heads = _fitted(encoder, features_NF[learnt], [taught[place] for place in learnt])
        for place in np.flatnonzero(folds == fold):
            both_AP = heads.opinions(features_NF[place : place + 1])[0]
            aspect, chances = ASPECT_CLASSES[int(both_AP.sum(axis=1).argmax())], both_AP.sum(axis=0)
            is_right = POLARITIES[int(chances.argmax())] == taught[place].polarity
            right["aspect"] += aspect == taught[place].aspect
            right["polarity"] += is_right
            right["polarity_sure"] += bool(chances.max() >= SURE_POLARITY)
            right_of_sure += is_right and bool(chances.max() >= SURE_POLARITY)
    shares = {name: round(count / len(taught), 3) for name, count in right.items()}
    return shares | {"polarity_where_sure": round(right_of_sure / max(1, right["polarity_sure"]), 3)}


def make_heads(folder: Path, encoder: TextEncoder) -> SentimentHeads:
    """Learn heads, judge them on folds, and write them with their card."""
    started = time.monotonic()
    heads = learn_heads(encoder)
    measures = held_out(encoder)
    heads.save(folder)
    write_card(
        folder,
        name=f"sentiment-{encoder.name}",
        version=heads.version,
        trained_on={"own sentences": f"{len(taught_sentences())} in {len(LANGUAGES)} languages, written for it"},
        split={"folds": FOLDS},
        seed=0,
        train_s=time.monotonic() - started,
        device="cpu",
        measures=measures,
        bars=bars(measures, {"aspect": 0.7, "polarity": 0.75}),
        encoder=encoder.name,
        encoder_version=encoder.version,
        limits="Languages: en, de, fr, es, it. Irony is read as it stands.",
    )
    return heads


def _fitted(encoder: TextEncoder, features_NF: FloatArray, taught: Sequence[Taught]) -> SentimentHeads:
    ridge = RIDGES.get(encoder.name, RIDGE)

    def head(labels: Sequence[object], classes: Sequence[object]) -> FloatArray:
        numbers = np.array([classes.index(label) for label in labels], dtype=np.int32)
        return fit_softmax(features_NF, numbers, len(classes), ridge=ridge, steps=STEPS)

    return SentimentHeads(
        encoder.name,
        encoder.version,
        head([(one.aspect, one.polarity) for one in taught], [*product(ASPECT_CLASSES, POLARITIES)]),
        head([one.way for one in taught], WAYS),
    )
