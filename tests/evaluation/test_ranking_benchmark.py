"""benchmarks/ranking.py: the default comes last, every family takes part, several seeds become a mean and a spread."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bottega.datasets.arrays import Holdout
from bottega.datasets.sequences import read_sequences
from bottega.datasets.splits import last_out
from bottega.models.recommend.blend.blend import Blend, BlendConfig
from bottega.models.recommend.registry import RECOMMENDERS

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "ranking.py"


@pytest.fixture(scope="module")
def ranking() -> Any:
    found = importlib.util.spec_from_file_location("ranking", SCRIPT)
    assert found is not None and found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules["ranking"] = module
    found.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def ring(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Users walk a ring of 30 items."""
    rng = np.random.default_rng(0)
    path = tmp_path_factory.mktemp("ring") / "ring.txt"
    rows = [[(start + step) % 30 for step in range(6)] for start in rng.integers(30, size=80)]
    path.write_text("\n".join(f"{user} {' '.join(str(item + 1) for item in row)}" for user, row in enumerate(rows)))
    return path


def test_every_family_is_judged_and_the_default_last(ranking: Any) -> None:
    names = ranking.chosen("")
    assert names[-1] == "default" and set(names[:-1]) == set(RECOMMENDERS) - {"blend"}
    assert ranking.chosen("blend, popular") == ["popular", "default"]


def test_a_line_has_what_it_always_had_and_several_become_a_mean(ranking: Any, ring: Path) -> None:
    one, two = (ranking.judge_one(ring, None, "transitions", seed, False, False) for seed in (0, 1))
    measures = ["recall@5", "ndcg@5", "recall@10", "ndcg@10"]
    ends = [f"{name}_{end}" for name in measures for end in ("low", "high")]
    assert list(one) == ["model", *measures, "train_s", "peak_mb", "users", *ends, "seed"]
    assert one["ndcg@10"] > 0.9 and one["users"] == 80
    other = two | {"ndcg@10": one["ndcg@10"] - 0.02, "train_s": one["train_s"] + 2, "peak_mb": one["peak_mb"] + 9}
    mean = ranking.mean_line([one, other])
    assert mean["ndcg@10"] == pytest.approx(one["ndcg@10"] - 0.01, abs=1e-5)
    assert mean["ndcg@10_sd"] == pytest.approx(0.02 / 2**0.5, abs=1e-5) and mean["recall@10_sd"] == 0
    assert mean["train_s"] == pytest.approx(one["train_s"] + 1) and mean["peak_mb"] == one["peak_mb"] + 9
    assert mean["seeds"] == [0, 1] and "seed" not in mean
    assert ranking.mean_line([one]) is one


def test_members_are_judged_alone_and_by_what_the_blend_is_without_them(ranking: Any, ring: Path) -> None:
    histories, features, _, _ = read_sequences(ring, None)
    split = last_out(histories)
    blend = Blend(BlendConfig(members={"transitions": {}, "popular": {}}))
    blend.fit(split.train, features, rng=np.random.default_rng(0), holdout=split.holdout)
    lines = ranking.member_lines(blend, Holdout(split.test.inputs, split.test.targets))
    assert [line["member"] for line in lines] == ["transitions", "popular"]
    knows, popular = lines
    assert knows["ndcg@10"] > 0.9 > popular["ndcg@10"]
    assert knows["without"] < 0.7 and popular["without"] > 0.9
