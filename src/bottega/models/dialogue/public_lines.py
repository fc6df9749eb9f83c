"""Real shoppers' words that may teach: questions about products, and searches; read from their files, never kept here.

Data     product_questions.csv.gz (amazon-science/contextual-product-qa, CDLA-Sharing-1.0: what is computed from it is
         free), search_queries.tsv (wayfair/WANDS, MIT). English.
"""

from __future__ import annotations

import csv
import gzip
import random
from pathlib import Path

from bottega.models.dialogue.commands import Intent, Mood
from bottega.models.dialogue.cues import cues
from bottega.models.dialogue.line_words import line_words
from bottega.models.dialogue.patterns import TaughtLine

__all__ = ["public_lines"]

QUESTIONS = 500
SEARCHES = 300
_ABOUT = (
    *(("return", ""), ("deliver", ""), ("warranty", ""), ("compare", "")),
    *(("care", "care"), ("size", "size"), ("fit", "size"), ("measure", "measure"), ("material", "material")),
    *(("cost", "price"), ("stock", "stock"), ("origin", "origin"), ("colour", "colour"), ("brand", "brand")),
    ("rating", "rating"),
)
"""Cues of a question, and what it is then about; nothing: it is left out."""


def public_lines(folder: Path, first_group: int, *, seed: int = 0) -> list[TaughtLine]:
    """Lines of the files of a folder, each a group of its own."""
    rng = random.Random(seed)
    found: list[tuple[str, Intent, str]] = []
    with gzip.open(folder / "product_questions.csv.gz", "rt", encoding="utf-8") as stream:
        questions = list(dict.fromkeys(row["question"].strip() for row in csv.DictReader(stream)))
    rng.shuffle(questions)
    for text in questions[: 2 * QUESTIONS]:
        about = _about(text)
        if about and len(text) < 200 and len(found) < QUESTIONS:
            found.append((text, Intent.ASK, about))
    with (folder / "search_queries.tsv").open(encoding="utf-8") as stream:
        queries = [row["query"].strip() for row in csv.DictReader(stream, delimiter="\t")]
    rng.shuffle(queries)
    found += [(text, Intent.SEARCH, "") for text in queries[:SEARCHES] if text]
    return [
        TaughtLine(text, "en", intent, about, Mood.PLAIN, first_group + at)
        for at, (text, intent, about) in enumerate(found)
    ]


def _about(question: str) -> str:
    said = {name for at in cues("en").found(line_words(question)) for name in at}
    return next((about for cue, about in _ABOUT if cue in said), "use")
