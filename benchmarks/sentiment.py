"""How well reviews are read: aspect and polarity of sentences in four languages, and stars from the words of reviews.

    python benchmarks/sentiment.py [--reviews 1200]

Sentences: `reviews/half_a.jsonl` and `half_b.jsonl` (80 each, written in two passes; the lists were written beside A
and never beside B), `half_c.jsonl` (196, written before the lists were widened, by who widened them; 13 of them say
nothing clearly), and where `BOTTEGA_DATA` has it a set by other hands. Reviews: `texts/reviews_en.jsonl.gz`; half
of the products teach a line from opinions to stars, and half are asked. Compared with a constant and, where it is
installed, VADER.
"""

from __future__ import annotations

import gzip
import json
import time
import zlib
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import numpy as np
import typer

from bottega.errors import EncoderUnavailable
from bottega.models.blocks.other_encoders import encoder_called
from bottega.models.wording.sentiment import UNSURE, Opinion, SentimentReader
from bottega.names import FloatArray
from common import DATA, machine

HERE = Path(__file__).parent
SIGNS = {"bad": -1, "neither": 0, "good": 1}
Read = Callable[[str, str], tuple[str, int, bool]]
"""Text and language -> aspect, polarity, and whether that is sure."""


def sentences() -> dict[str, list[dict[str, Any]]]:
    files = {f"half {half.upper()}": HERE / "reviews" / f"half_{half}.jsonl" for half in "abc"}
    others = DATA.parent / "eval" / "review_sentences.jsonl"
    if others.exists():
        files["by other hands"] = others
    return {name: [json.loads(line) for line in path.read_text().splitlines()] for name, path in files.items()}


class Judged(NamedTuple):
    """Shares of sentences. `polarity`: the likelier side where the reader is not sure."""

    aspect: float
    polarity: float
    sure: float
    right_of_sure: float
    languages: str
    held_back: str
    """Of the sentences that say nothing clearly, how many are left open or read as neither."""


def of_reader(reader: SentimentReader) -> Read:
    def read(text: str, language: str) -> tuple[str, int, bool]:
        found = reader.sentence(text, language)
        if found is None:
            return "", 0, False
        if found.polarity == UNSURE:
            return found.aspect, 1 if found.value > 0 else -1, False
        return found.aspect, SIGNS[found.polarity], True

    return read


def vader() -> Callable[[str], float] | None:
    try:
        judge: Any = import_module("vaderSentiment.vaderSentiment").SentimentIntensityAnalyzer()
    except ImportError:
        return None
    return lambda text: float(judge.polarity_scores(text)["compound"])


def of_vader(feeling: Callable[[str], float]) -> Read:
    def read(text: str, language: str) -> tuple[str, int, bool]:
        value = feeling(text)
        return "", 1 if value >= 0.05 else -1 if value <= -0.05 else 0, True

    return read


def judged(read: Read, rows: Sequence[dict[str, Any]]) -> Judged:
    said = [read(row["text"], "") for row in rows]
    clear = [(one, row) for one, row in zip(said, rows, strict=True) if row["polarity"] is not None]
    right = np.array([one[1] == row["polarity"] for one, row in clear])
    sure = np.array([one[2] for one, _ in clear])
    languages = sorted({row["language"] for row in rows if "language" in row})
    each = [
        f"{lang} {np.mean([ok for ok, (_, row) in zip(right, clear, strict=True) if row['language'] == lang]):.2f}"
        for lang in languages
    ]
    vague = [one for one, row in zip(said, rows, strict=True) if row["polarity"] is None]
    held = f"{sum(one[1] == 0 or not one[2] for one in vague)} of {len(vague)}" if vague else ""
    aspect = float(np.mean([one[0] == row["aspect"] for one, row in zip(said, rows, strict=True)]))
    right_of_sure = float(right[sure].mean()) if sure.any() else float("nan")
    return Judged(aspect, float(right.mean()), float(sure.mean()), right_of_sure, " ".join(each), held)


def reviews(n: int) -> list[dict[str, Any]]:
    path = DATA / "texts" / "reviews_en.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        rows = [json.loads(line) for line in stream]
    seen: set[str] = set()
    whole = []
    for row in rows:
        text = f"{row.get('summary') or ''}\n{row.get('reviewText') or ''}".strip()
        if text and text not in seen:
            seen.add(text)
            whole.append({"text": text, "stars": float(row["overall"]), "asin": row["asin"]})
    picked = np.random.default_rng(0).permutation(len(whole))
    low = [place for place in picked if whole[place]["stars"] <= 3][: n // 2]
    high = [place for place in picked if whole[place]["stars"] > 3][: n - len(low)]
    return [whole[place] for place in sorted([*low, *high])]


def described(opinions: Sequence[Opinion]) -> list[float]:
    values = [one.value for one in opinions] or [0.0]
    sure = [one.value for one in opinions if one.polarity != UNSURE] or [0.0]
    return [float(np.mean(values)), float(np.mean(sure)), min(values), max(values), values[0], values[-1], 1.0]


def auc(scores: FloatArray, good: FloatArray) -> float:
    order = scores.argsort(kind="stable")
    ranks = np.empty(len(scores))
    ranks[order] = np.arange(1, len(scores) + 1)
    for value in np.unique(scores):
        same = scores == value
        ranks[same] = ranks[same].mean()
    n_good = good.sum()
    return float((ranks[good > 0].sum() - n_good * (n_good + 1) / 2) / (n_good * (len(good) - n_good)))


def interval(measure: Callable[[Any], float], n: int) -> str:
    rng = np.random.default_rng(1)
    found = [measure(rng.integers(0, n, n)) for _ in range(300)]
    low, high = np.percentile(found, [2.5, 97.5])
    return f"{low:.2f}-{high:.2f}"


def from_stars(rows: Sequence[dict[str, Any]], features: FloatArray) -> str:
    stars = np.array([row["stars"] for row in rows], dtype=np.float32)
    asked = np.array([zlib.crc32(row["asin"].encode()) % 2 for row in rows], dtype=bool)
    x, y = features[~asked], stars[~asked]
    weights = np.linalg.solve(x.T @ x + 1.0 * np.eye(x.shape[1]), x.T @ y)
    told = np.clip(features[asked] @ weights, 1, 5)
    truth = stars[asked]
    clear = truth != 3
    good = (truth[clear] > 3).astype(np.float32)
    area = auc(told[clear], good)
    spread = interval(lambda pick: auc(told[clear][pick], good[pick]), int(clear.sum()))
    off = np.abs(told - truth)
    off_spread = interval(lambda pick: float(off[pick].mean()), len(off))
    return f"{area:.3f} ({spread}) | {off.mean():.2f} ({off_spread})"


def main(n: Annotated[int, typer.Option("--reviews")] = 1200) -> None:
    readers: dict[str, SentimentReader] = {}
    for name in ("floor", "meaning"):
        try:
            readers[name] = SentimentReader(encoder_called(name))
        except EncoderUnavailable as error:
            print(f"{name}: {error}")
    feeling = vader()
    print(f"{machine()}\n")
    print("| set | reader | aspect | polarity | sure | right where sure | polarity by language | unclear, left open |")
    print("|---|---|---|---|---|---|---|---|")
    for name, rows in sentences().items():
        readings: dict[str, Read] = {"always quality, bad": lambda text, language: ("quality", -1, True)}
        if feeling is not None:
            readings["VADER"] = of_vader(feeling)
        readings |= {encoder: of_reader(reader) for encoder, reader in readers.items()}
        for label, read in readings.items():
            one = judged(read, rows)
            shown = f"{one.aspect:.2f}" if label != "VADER" else ""
            rest = f"{one.sure:.2f} | {one.right_of_sure:.2f} | {one.languages} | {one.held_back}"
            print(f"| {name} ({len(rows)}) | {label} | {shown} | {one.polarity:.2f} | {rest} |", flush=True)
    rows = reviews(n)
    held = sum(zlib.crc32(row["asin"].encode()) % 2 for row in rows)
    print(f"\n{len(rows)} reviews, {held} of them of held-out products\n")
    print("| reader | AUC, 4-5 against 1-2 stars | MAE in stars | CPU ms a review |\n|---|---|---|---|")
    ones = np.ones((len(rows), 1), dtype=np.float32)
    print(f"| the mean | {from_stars(rows, ones)} | |", flush=True)
    if feeling is not None:
        told = np.array([[feeling(row["text"]), 1.0] for row in rows], dtype=np.float32)
        print(f"| VADER | {from_stars(rows, told)} | |", flush=True)
    for encoder, reader in readers.items():
        started = time.process_time()
        told = np.array([described(one) for one in reader.read([row["text"] for row in rows])], dtype=np.float32)
        ms = 1000 * (time.process_time() - started) / len(rows)
        print(f"| {encoder} | {from_stars(rows, told)} | {ms:.1f} |", flush=True)


if __name__ == "__main__":
    typer.run(main)
