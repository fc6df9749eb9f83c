"""How the matcher of questions and passages is learnt: from half of the public questions, judged by folds of products.

Idea     Questions with labelled candidates count whole; those of which only one passage is known to answer count less,
         for others of it may answer, too. No product is in two folds. From which chance on a passage answers is set so
         that of questions that nothing answers few enough are answered.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bottega.languages.fold import tokens
from bottega.models.blocks.cards import bars, write_card
from bottega.models.blocks.logistic import chance, fit_odds
from bottega.models.dialogue.matching import PLACES, Matcher, OfferedPassage, measured, place_of_word, words_of
from bottega.models.dialogue.public_questions import AskedPublicly, asked_publicly, asked_with_evidence
from bottega.models.dialogue.questions import read_question

__all__ = ["make_matcher"]

RIDGE = 100.0
FOLDS = 5
REPEATS = 4
"""Ways of cutting into folds, of whose scores the limit is taken."""
IN_PART, ONE_KNOWN = 0.3, 0.5
"""What a passage counts that answers in part, and one of a question of which one passage is known to answer."""
SILENT = 0.975
"""Of questions that nothing answers, the share that the limit leaves unanswered."""


class _Case(NamedTuple):
    asked: AskedPublicly
    rows: NDArray[np.float64]
    labels: NDArray[np.int64]
    counts: NDArray[np.float64]
    labelled: bool


def make_matcher(folder: Path, public: Path) -> Matcher:
    """Learn it from the files of a folder, judge it by folds, and write it with its card."""
    started = time.monotonic()
    labelled, known = list(asked_publicly(public, "a")), list(asked_with_evidence(public, "a"))
    rarity = _rarity([*labelled, *known])
    names, cases = _cases(labelled, known, rarity)
    scores = [_kept_scores(cases, repeat) for repeat in range(REPEATS)]
    least, measures = _judged(cases, scores)
    mean, spread = _scale(cases)
    matcher = Matcher(names, _fitted(cases, mean, spread), mean, spread, rarity, least)
    matcher.save(folder)
    write_card(
        folder,
        name="matcher",
        version="1",
        trained_on={
            "contextual-product-qa (CDLA-Sharing-1.0)": f"{len(labelled)} questions with labelled "
            f"passages, {len(known)} with one that answers, of half of the products"
        },
        split={"products": "half a by a hash of their number; half b is kept", "folds": FOLDS},
        seed=0,
        train_s=time.monotonic() - started,
        device="cpu",
        measures=measures,
        bars=bars(measures, {"right": 0.97, "not_said": 0.97}),
        features=list(names),
        least=least,
        limits="English questions over English listings. It quotes and concludes nothing: that a listing names other "
        "phones is told, not that yours does not fit.",
    )
    return matcher


def _rarity(questions: Sequence[AskedPublicly]) -> NDArray[np.float64]:
    texts = {one.question for one in questions}
    texts |= {OfferedPassage(two.name, two.text).words for one in questions for two in one.listed}
    held = np.zeros(PLACES)
    for text in texts:
        held[list({place_of_word(word) for word in words_of(text, "en")})] += 1
    return np.asarray(np.log((len(texts) + 1) / (held + 1)))


def _cases(
    labelled: Sequence[AskedPublicly], known: Sequence[AskedPublicly], rarity: NDArray[np.float64]
) -> tuple[tuple[str, ...], list[_Case]]:
    cases: list[_Case] = []
    names: tuple[str, ...] = ()
    for one in [*labelled, *known]:
        own = tokens(one.title)
        there = [passage for passage in one.listed if passage.text]
        if not there:
            continue
        question = read_question(one.question, "en", names={passage.name for passage in there} - {""}, own_words=own)
        rows = measured(question, own, [OfferedPassage(passage.name, passage.text) for passage in there], rarity)
        names = tuple(rows[0])
        labels = np.array([passage.label for passage in there])
        whole = one.number.startswith("q")
        counts = np.where(labels == 1, IN_PART, 1.0) * (1.0 if whole else ONE_KNOWN)
        cases.append(_Case(one, np.array([list(row.values()) for row in rows]), labels, counts, whole))
    return names, cases


def _scale(cases: Sequence[_Case]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    rows = np.concatenate([one.rows for one in cases])
    return rows.mean(axis=0), np.maximum(rows.std(axis=0), 1e-3)


def _inputs(rows: NDArray[np.float64], mean: NDArray[np.float64], spread: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack([(rows - mean) / spread, np.ones(len(rows))])


def _fitted(cases: Sequence[_Case], mean: NDArray[np.float64], spread: NDArray[np.float64]) -> NDArray[np.float64]:
    rows = _inputs(np.concatenate([one.rows for one in cases]), mean, spread)
    answers = np.concatenate([one.labels > 0 for one in cases]).astype(np.float64)
    return fit_odds(rows, answers, ridge=RIDGE, counts_N=np.concatenate([one.counts for one in cases]))


def _kept_scores(cases: Sequence[_Case], repeat: int) -> list[NDArray[np.float64]]:
    """Chances of each case's passages, by weights that saw none of its product."""
    folds = [zlib.crc32(f"{one.asked.product_id} {repeat}".encode()) % FOLDS for one in cases]
    found: list[NDArray[np.float64]] = [np.zeros(0)] * len(cases)
    for fold in range(FOLDS):
        learnt = [one for one, at in zip(cases, folds, strict=True) if at != fold]
        mean, spread = _scale(learnt)
        weights = _fitted(learnt, mean, spread)
        for place, (one, at) in enumerate(zip(cases, folds, strict=True)):
            if at == fold:
                found[place] = chance(_inputs(one.rows, mean, spread), weights)
    return found


def _judged(cases: Sequence[_Case], scores: Sequence[Sequence[NDArray[np.float64]]]) -> tuple[float, dict[str, float]]:
    """From which chance on a passage answers, and how often that is right and nothing is said."""
    best = [
        (one, float(found.max()), int(one.labels[found.argmax()]))
        for repeat in scores
        for one, found in zip(cases, repeat, strict=True)
    ]
    nothing = np.sort([top for one, top, _ in best if one.labelled and not one.labels.any()])
    least = round(float(nothing[int(SILENT * len(nothing))]), 4)
    answerable = [(top >= least, label > 0) for one, top, label in best if one.labelled and 2 in one.labels]
    known = [(top >= least, label > 0) for one, top, label in best if not one.labelled]
    return least, {
        "right": _share(said and right for said, right in answerable),
        "wrong": _share(said and not right for said, right in answerable),
        "first_right": _share(right for _, right in answerable),
        "not_said": _share(top < least for top in nothing),
        "right_where_one_is_known": _share(said and right for said, right in known),
        "first_right_where_one_is_known": _share(right for _, right in known),
    }


def _share(found: Iterable[bool | np.bool_]) -> float:
    return round(float(np.mean(list(found))), 3)
