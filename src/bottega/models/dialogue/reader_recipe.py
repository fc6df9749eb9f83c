"""How the heads of the reader are learnt: from lines made of patterns (patterns.py).

Idea     Folds are of patterns, not of lines: a line is never judged by heads that learnt from a line like it. On what
         was kept so the scores' warmth is set.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bottega.languages.stems import LANGUAGES
from bottega.models.blocks.cards import bars, write_card
from bottega.models.blocks.logistic import fit_softmax
from bottega.models.blocks.text_encoder import TextEncoder
from bottega.models.dialogue.commands import Intent, Mood
from bottega.models.dialogue.line_features import PLACES, Rows, language_rows, line_rows
from bottega.models.dialogue.patterns import TaughtLine, classes, taught_lines
from bottega.models.dialogue.public_lines import public_lines
from bottega.models.dialogue.talk_heads import VECTOR_SCALE, TalkHeads, vectors_of
from bottega.names import FloatArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

__all__ = ["make_talk_heads"]

RIDGE, SOUND_RIDGE = 0.7, 0.1
"""Of the wants; of mood and language."""
STEPS, FOLD_STEPS, FOLDS = 80, 50, 2


def make_talk_heads(folder: Path, encoder: TextEncoder, *, share: float = 1.0, public: Path | None = None) -> TalkHeads:
    """Learn heads, judge them on patterns kept back, and write them with their card. `share` of the lines that the
    patterns could give; `public`: a folder with the files of public_lines.py."""
    started = time.process_time()
    lines = taught_lines(share=share)
    own = len(lines)
    lines += public_lines(public, 1 + max(one.group for one in lines)) if public is not None else []
    inputs, centre_D = _inputs(encoder, lines)
    every = classes()
    wants = np.array([every.index((one.intent, one.about)) for one in lines], dtype=np.int32)
    warmth, measures = _judged(inputs, wants, np.array([one.group for one in lines]))
    moods = np.array([list(Mood).index(one.mood) for one in lines], dtype=np.int32)
    spoken = np.array([list(LANGUAGES).index(one.language) for one in lines], dtype=np.int32)
    texts = _sparse(language_rows([one.text for one in lines]), PLACES)
    heads = TalkHeads(
        encoder.name,
        encoder.version,
        _uncentred(fit_softmax(inputs, wants, len(every), ridge=RIDGE, steps=STEPS), centre_D),
        _uncentred(fit_softmax(inputs, moods, len(Mood), ridge=SOUND_RIDGE, steps=FOLD_STEPS), centre_D),
        fit_softmax(texts, spoken, len(LANGUAGES), ridge=SOUND_RIDGE, steps=FOLD_STEPS),
        warmth=warmth,
    )
    heads.save(folder)
    write_card(
        folder,
        name=f"reader-{encoder.name}",
        version=heads.version,
        trained_on={
            "own patterns": f"{len({one.group for one in lines[:own]})} in {len(LANGUAGES)} languages, {own} lines",
            "contextual-product-qa (CDLA-Sharing-1.0), WANDS (MIT)": f"{len(lines) - own} questions and searches",
        },
        split={"folds of patterns": FOLDS},
        seed=0,
        train_s=time.process_time() - started,
        device="cpu",
        measures=measures,
        bars=bars(measures, {"intent": 0.85}),
        encoder=encoder.name,
        encoder_version=encoder.version,
        warmth=warmth,
        limits="Languages: en, de, fr, es, it. Clauses of a shop's talk; irony is read as it stands.",
    )
    return heads


def _judged(inputs: csr_matrix, wants: NDArray[np.int32], groups: NDArray[np.int64]) -> tuple[float, dict[str, float]]:
    """The warmth with which chances of lines kept back are likeliest, and how often they are right."""
    folds = np.random.default_rng(0).permutation(groups.max() + 1)[groups] % FOLDS
    scores = np.zeros((len(wants), len(classes())))
    for fold in range(FOLDS):
        learnt, kept = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        weights = fit_softmax(inputs[learnt], wants[learnt], len(classes()), ridge=RIDGE, steps=FOLD_STEPS)
        scores[kept] = inputs[kept] @ weights[:-1] + weights[-1]
    rows = np.arange(len(wants))

    def loss(warmth: float) -> float:
        logs = scores / warmth
        logs -= logs.max(axis=1, keepdims=True)
        return float(-(logs[rows, wants] - np.log(np.exp(logs).sum(axis=1))).mean())

    warmth = min((round(0.5 + 0.05 * step, 2) for step in range(50)), key=loss)
    intents = np.array([list(Intent).index(one) for one, _ in classes()])
    right = intents[scores.argmax(axis=1)] == intents[wants]
    return warmth, {
        "intent": round(float(right.mean()), 3),
        "class": round(float((scores.argmax(axis=1) == wants).mean()), 3),
        "loss": round(loss(warmth), 3),
    }


def _inputs(encoder: TextEncoder, lines: Sequence[TaughtLine]) -> tuple[csr_matrix, FloatArray]:
    """Words and cues of lines, and vectors behind them [N, P + D], less the mean vector, which is returned beside."""
    from scipy.sparse import csr_matrix, hstack

    texts = [one.text for one in lines]
    words = _sparse(line_rows(texts, [one.language for one in lines]), PLACES)
    vectors_ND = vectors_of(encoder, texts)
    centre_D = vectors_ND.mean(axis=0)
    beside = csr_matrix((VECTOR_SCALE * (vectors_ND - centre_D)).astype(np.float32))
    both: csr_matrix = hstack([words, beside], format="csr")
    return both, centre_D


def _uncentred(weights: FloatArray, centre_D: FloatArray) -> FloatArray:
    """Weights that were learnt on vectors less their mean, for vectors as they come: all of them point nearly one way,
    and what they differ by is learnt in fewer steps without that."""
    weights[-1] -= VECTOR_SCALE * centre_D @ weights[PLACES:-1]
    return weights


def _sparse(rows: Rows, size: int) -> csr_matrix:
    from scipy.sparse import csr_matrix

    ends = np.cumsum([0, *(len(places) for places, _ in rows)])
    values: FloatArray = np.concatenate([values for _, values in rows])
    return csr_matrix((values, np.concatenate([places for places, _ in rows]), ends), shape=(len(rows), size))
