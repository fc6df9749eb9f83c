"""benchmarks/learnt_ranker.py: rankers learn what is planted, and the blend among candidates is the blend."""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

import numpy as np
import pytest

import learnt_ranker
import ranker_facts
from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.models.recommend.blend.blend import Blend, BlendConfig
from bottega.names import FloatArray, LongArray
from ranker_facts import Asked, asked_of, item_facts, older_members

DAY_MS = 86_400_000
N_ITEMS = 30
CHEAP = BlendConfig(members={"transitions": {}, "item_neighbours": {}, "popular": {}})


def shop() -> tuple[Histories, Features]:
    """Four hundred shoppers walk round thirty products, one a day."""
    rows = [[(7 * one + step) % N_ITEMS for step in range(8)] for one in range(400)]
    times = [[(one % 40 + step) * DAY_MS for step in range(8)] for one in range(400)]
    features = Features.from_attributes([[f"category={item % 4}", f"brand={item % 3}"] for item in range(N_ITEMS)])
    return Histories.from_lists(rows, n_items=N_ITEMS, times=times), features


def planted(questions: int, seed: int) -> Asked:
    """The blend says nothing of use; answers are where the second fact is highest."""
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(questions * 20, 3)).astype(np.float32)
    offsets: LongArray = np.arange(questions + 1, dtype=np.int64) * 20
    answers = rows[:, 1].reshape(questions, 20).argmax(axis=1).astype(np.int32)
    scores: FloatArray = (0.1 * rng.normal(size=len(rows))).astype(np.float32)
    return Asked(offsets, np.tile(np.arange(20, dtype=np.int32), questions), rows, scores, answers)


def test_a_fact_that_tells_the_answer_is_learnt() -> None:
    taught = learnt_ranker.lesson([planted(300, 0)], np.random.default_rng(0))
    starts = taught[2][:-1]
    assert (np.maximum.reduceat(taught[0][:, 1], starts) == taught[0][starts, 1]).all(), "the answer stands first"
    new = planted(100, 1)
    assert (new.places(new.scores) == 1).mean() < 0.2
    assert (new.places(learnt_ranker.trees(taught, new.rows)) == 1).mean() > 0.6
    assert (new.places(new.scores + learnt_ranker.pairs(taught, new.rows)) == 1).mean() > 0.8


def test_an_answer_that_nobody_named_has_no_place_and_teaches_nothing() -> None:
    one = planted(2, 0)
    absent = Asked(one.offsets, one.items, one.rows, one.scores, np.array([25, one.answers[1]], dtype=np.int32))
    assert absent.places(one.rows[:, 1]).tolist() == [0, 1]
    assert learnt_ranker.lesson([absent], np.random.default_rng(0))[2].tolist() == [0, 20]


def test_candidates_are_new_to_the_shopper_and_scored_as_the_blend_does() -> None:
    histories, features = shop()
    train, questions = histories.without_last(), histories.items[histories.offsets[1:] - 1]
    holdout = Holdout(train.take(range(50)), questions[:50])
    blend = Blend(CHEAP).fit(train, features, rng=np.random.default_rng(0), holdout=holdout)
    asked = asked_of(blend, holdout, features, item_facts(train, features), int(train.times.max()))
    whole = blend.score(holdout.inputs)
    for q in range(50):
        inside = slice(asked.offsets[q], asked.offsets[q + 1])
        assert not np.isin(asked.items[inside], holdout.inputs.row(q)).any()
        np.testing.assert_allclose(asked.scores[inside], whole[q, asked.items[inside]], rtol=1e-4, atol=1e-4)
    older, facts = older_members(blend, train, features)
    assert set(older) == {"popular"} and not np.array_equal(facts, item_facts(train, features))


def test_what_a_candidate_has_in_common_with_a_history() -> None:
    _, features = shop()
    codes, alike = ranker_facts._codes(features), features.attributes
    prices = np.where(np.arange(N_ITEMS) == 5, np.nan, np.arange(N_ITEMS)).astype(np.float32)
    history, items = np.array([4, 1, 8, 5]), np.array([12, 2])
    met = ranker_facts._met(history, items, codes, alike, prices)
    np.testing.assert_allclose(np.expm1(met[:, 0]), [2, 0])
    np.testing.assert_allclose(np.expm1(met[:, 2]), [1, ranker_facts.NEVER])
    np.testing.assert_allclose(met[:, 8], [8, -2])


def test_from_end_to_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "data" / "grocery"
    folder.mkdir(parents=True)
    histories, _ = shop()
    rows = zip(histories.shoppers, histories.items + 1, histories.times // 1000, strict=True)
    events = ["user_id\titem_id\ttime", *("\t".join(str(cell) for cell in row) for row in rows)]
    items = ["item_id\ti_category\tr_complement\tr_substitute", *(f"{one}\t{one % 4}\t[]\t[]" for one in range(1, 31))]
    for name, written in (("train.csv.gz", events), ("item_meta.csv.gz", items)):
        (folder / name).write_bytes(gzip.compress("\n".join([*written, ""]).encode()))
    monkeypatch.setattr(learnt_ranker, "Blend", lambda: Blend(CHEAP))
    base = ["learnt_ranker.py", "--sets", "grocery", "--seeds", "0", "--cuts", "1.0,0.9", "--json"]
    monkeypatch.setattr(sys, "argv", [*base, "--data", str(folder.parent), "--build", str(tmp_path / "build")])
    learnt_ranker.main()
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(one["ranker"], one["runs"]) for one in lines] == [
        (name, 2) for name in ("blend", "trees", "trees +", "pairs", "pairs, half")
    ]
    assert lines[0]["ahead"] == [0.0, 0.0, 0.0] and lines[0]["ndcg@10"] > 0.3
    assert {folder.name for folder in (tmp_path / "build").iterdir()} == {"grocery-0-1.0", "grocery-0-0.9"}
