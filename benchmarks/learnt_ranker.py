"""A ranker learnt on the default's candidates, against the default alone, by time; page: honest_splits.md.

    python benchmarks/learnt_ranker.py [--sets grocery,demo] [--seeds 0,1] [--cuts 1.0,0.9] [--build FOLDER] [--json]

The default is fitted on the training part (once: it is kept in FOLDER); rankers learn from its questions, the ones that
its weights are learnt from, and answer those of the test period. They hear what ranker_facts.py lists.

trees    Boosted trees of scikit-learn on single candidates, the probability that a candidate is the answer.
trees +  The same and the blend's score, both brought to spread 1.
pairs    The blend's score and a weighted sum of all facts, answers before others, each pair counting as much as a swap
         changes NDCG (LambdaRank's weights: Burges, Ragno & Le 2006, NIPS).
half     Half of what the facts add.
"""

from __future__ import annotations

import argparse
import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.ensemble import HistGradientBoostingClassifier  # type: ignore[import-untyped]

from bottega.datasets.arrays import Features, Histories
from bottega.evaluation.intervals import Interval, difference
from bottega.models.recommend.accuracy import Values, ndcg
from bottega.models.recommend.blend.blend import Blend
from bottega.names import FloatArray, LongArray
from common import DATA, HERE, machine
from honest_peers import COUNT
from honest_splits import BY_TIME, DEMO_SEED, read_set, split_of
from ranker_facts import Asked, asked_of, item_facts, older_members

HARD, OTHERS = 60, 60
"""Wrong candidates that a ranker learns from: the blend's best, and some at random."""
LEAVES, TREES, RATE, LEAF_PULL, LEAST_LEAF = 4, 120, 0.1, 10.0, 50
PAIR_PULL = 100.0
"""Weights of pairs are drawn to 0, that is to the blend, as by so many questions."""

_MOST_SHOPPERS = 10**6
"""Of a demo shop, so that those of two shops have different numbers."""

Lesson = tuple[FloatArray, FloatArray, LongArray]
"""Rows [N, F] and scores of the blend [N], the answer of each question first; where each begins [Q + 1]."""


def lesson(asked: list[Asked], rng: np.random.Generator) -> Lesson:
    """The questions whose answer is among their candidates, with the candidates that are learnt from."""
    rows, scores, lengths = [], [], []
    for one in asked:
        for q, answer in enumerate(one.answers.tolist()):
            first, behind = one.offsets[q], one.offsets[q + 1]
            best = np.argsort(-one.scores[first:behind], kind="stable") + first
            own, wrong = best[one.items[best] == answer], best[one.items[best] != answer]
            if len(own):
                taken = np.concatenate([own, wrong[:HARD], rng.permutation(wrong[HARD:])[:OTHERS]])
                rows.append(one.rows[taken])
                scores.append(one.scores[taken])
                lengths.append(len(taken))
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return np.concatenate(rows), np.concatenate(scores), starts


def trees(taught: Lesson, rows: FloatArray) -> FloatArray:
    """Log odds of rows to be an answer."""
    right = np.zeros(len(taught[0]), dtype=np.int8)
    right[taught[2][:-1]] = 1
    made = HistGradientBoostingClassifier(
        max_leaf_nodes=LEAVES,
        max_iter=TREES,
        learning_rate=RATE,
        l2_regularization=LEAF_PULL,
        min_samples_leaf=LEAST_LEAF,
        max_features=0.5,
        early_stopping=False,
        random_state=0,
    ).fit(taught[0], right)
    return np.asarray(made.decision_function(rows), dtype=np.float32)


def pairs(taught: Lesson, rows: FloatArray) -> FloatArray:
    """What facts add to the blend's score of rows."""
    learnt, scores, starts = taught
    middle, spread = np.nanmean(learnt, axis=0), np.nanstd(learnt, axis=0) + 1e-6
    plain = [torch.from_numpy(np.nan_to_num((each - middle) / spread).astype(np.float32)) for each in (learnt, rows)]
    lengths = np.diff(starts)
    places = np.concatenate([_places(scores[a:b]) for a, b in pairwise(starts.tolist())])
    first = np.repeat(starts[:-1], lengths)
    worth = torch.from_numpy(np.abs(1 / np.log2(places + 1) - 1 / np.log2(places[first] + 1)).astype(np.float32))
    base, own = torch.from_numpy(scores), torch.from_numpy(first)
    weights = torch.zeros(learnt.shape[1], requires_grad=True)
    search = torch.optim.LBFGS([weights], max_iter=60, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        search.zero_grad()
        said = base + plain[0] @ weights
        missed = (worth * torch.nn.functional.softplus(said - said[own])).sum()
        total: torch.Tensor = (missed + 0.5 * PAIR_PULL * weights.square().sum()) / len(lengths)
        total.backward()  # type: ignore[no-untyped-call]
        return total

    search.step(loss)  # type: ignore[no-untyped-call]
    added: FloatArray = (plain[1] @ weights.detach()).numpy()
    return added


def _places(scores: FloatArray) -> LongArray:
    places = np.empty(len(scores), dtype=np.int64)
    places[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
    return places


def kept_blend(folder: Path, split: Any, features: Features, seed: int) -> Blend:
    """The default on the training part, as honest_splits.py fits it; from its folder where it was fitted before."""
    if folder.exists():
        return Blend.load(folder)
    made = Blend().fit(split.train, features, rng=np.random.default_rng(seed), holdout=split.holdout)
    part = folder.with_name(folder.name + ".part")
    part.mkdir(parents=True)
    made.save(part)
    part.rename(folder)
    return made


def one_cut(name: str, histories: Histories, features: Features, seed: int, cut: float, build: Path) -> dict[str, Any]:
    """NDCG@10 of every shopper by each ranker, and how many items it showed."""
    split = split_of(name, histories, cut, seed)
    blend = kept_blend(build / f"{name}-{seed}-{cut}", split, features, seed)
    assert split.cuts_ms is not None
    facts, (older, older_facts) = item_facts(split.train, features), older_members(blend, split.train, features)
    validation, test = split.cuts_ms
    asked = [
        asked_of(blend, split.holdout, features, facts, validation),
        asked_of(blend, split.holdout, features, older_facts, validation, older=older),
    ]
    taught = lesson(asked, np.random.default_rng(seed))
    new = asked_of(blend, split.test, features, facts, test)
    guessed, added = trees(taught, new.rows), pairs(taught, new.rows)
    by = {
        "blend": new.scores,
        "trees": guessed,
        "trees +": guessed / guessed.std() + new.scores / new.scores.std(),
        "pairs": new.scores + added,
        "pairs, half": new.scores + added / 2,
    }
    return {
        "questions": len(taught[2]) - 1,
        "ndcg": {ranker: ndcg(new.places(scores), COUNT) for ranker, scores in by.items()},
        "coverage": {ranker: new.shown(scores, COUNT) / len(facts) for ranker, scores in by.items()},
    }


def line(name: str, ranker: str, cuts: list[dict[str, Any]], shoppers: list[LongArray]) -> dict[str, Any]:
    """Means over cuts, and how far a ranker is ahead of the blend; a shopper asked twice counts once."""
    ours, other = (np.concatenate([cut["ndcg"][each] for cut in cuts]) for each in ("blend", ranker))
    _, who = np.unique(np.concatenate(shoppers), return_inverse=True)
    gap: Interval = difference(_by(who, other), _by(who, ours), np.random.default_rng(0))
    return {
        "set": name,
        "ranker": ranker,
        "runs": len(cuts),
        "asked": int(who.max()) + 1,
        "ndcg@10": round(float(np.mean([cut["ndcg"][ranker].mean() for cut in cuts])), 5),
        "coverage": round(float(np.mean([cut["coverage"][ranker] for cut in cuts])), 3),
        "ahead": [round(each, 5) for each in (gap.mean, gap.low, gap.high)],
    }


def _by(who: LongArray, values: Values) -> Values:
    mean: Values = np.bincount(who, weights=values) / np.bincount(who)
    return mean


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sets", default=",".join(BY_TIME))
    parser.add_argument(
        "--seeds", default="0,1", help=f"another demo shop each: {DEMO_SEED} more; of grocery the first"
    )
    parser.add_argument("--cuts", default="1.0,0.9", help="of grocery; a demo shop is cut at 1.0")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--build", type=Path, default=HERE.parent / "build" / "learnt_ranker")
    parser.add_argument("--json", action="store_true", help="one JSON object a set and ranker, instead of a table")
    asked = parser.parse_args()
    seeds = [int(each) for each in asked.seeds.split(",")]
    if not asked.json:
        print("| set | ranker | runs | asked | N@10 | coverage | ahead of the blend, N@10 (95%) |\n|" + "---|" * 7)
    for name in asked.sets.split(","):
        cuts, shoppers = [], []
        for seed in seeds if name == "demo" else seeds[:1]:
            histories, features = read_set(name, seed, asked.data)
            for cut in (float(each) for each in asked.cuts.split(",")) if name != "demo" else (1.0,):
                cuts.append(one_cut(name, histories, features, seed, cut, asked.build))
                shoppers.append(split_of(name, histories, cut, seed).test_shoppers + seed * _MOST_SHOPPERS)
                figures = {ranker: round(float(values.mean()), 4) for ranker, values in cuts[-1]["ndcg"].items()}
                print(f"{name}, seed {seed}, cut {cut}: {cuts[-1]['questions']} questions, {figures}", file=sys.stderr)
        for ranker in cuts[0]["ndcg"]:
            one = line(name, ranker, cuts, shoppers)
            if asked.json:
                print(json.dumps(one))
                continue
            mean, low, high = one["ahead"]
            words = "" if ranker == "blend" else f"{mean:+.4f} ({low:+.4f} to {high:+.4f})"
            cells = [name, ranker, one["runs"], one["asked"], f"{one['ndcg@10']:.4f}", f"{one['coverage']:.2f}", words]
            print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)
    if not asked.json:
        print(f"\n{machine()}")


if __name__ == "__main__":
    main()
