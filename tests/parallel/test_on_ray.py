"""A Ray cluster of two workers on this machine gives what one process gives."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from tests.parallel.portions import drawn, refused, threads, vanishes
from tests.parallel.shops import figures, ring

from bottega.actions.recommend.evaluate import report_on
from bottega.actions.recommend.shapes import EvaluateRequest
from bottega.errors import CrewUnavailable, LetterNotTaken, RowInvalid
from bottega.parallel.crew import HERE, Crew, in_order
from bottega.shop.folder import ShopFolder

pytest.importorskip("ray", reason="the extra bottega[ray] is not installed")

ROWS = {"rows": np.random.default_rng(0).standard_normal((200, 50))}
CLUSTER = Crew(ray="auto")


@pytest.fixture(scope="module", autouse=True)
def cluster() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
        import ray

        root = Path(__file__).parents[2]
        before = os.environ.get("PYTHONPATH")
        os.environ["PYTHONPATH"] = os.pathsep.join([str(root / "src"), str(root)])
        ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, object_store_memory=100 * 2**20)
        yield
        ray.shutdown()
        if before is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = before


def test_the_cluster_gives_what_one_process_gives_in_order() -> None:
    one = list(in_order(drawn, range(8), {**ROWS}, HERE, task="drawing"))
    two = list(in_order(drawn, range(8), ROWS, CLUSTER, task="drawing", ahead=4))
    assert [value for _, value in one] == [value for _, value in two]
    assert os.getpid() not in {pid for pid, _ in two}
    assert set(in_order(threads, range(2), None, CLUSTER, task="asking")) == {(1, "1")}


def test_errors_come_back_whole_and_a_worker_that_dies_is_told_of() -> None:
    with pytest.raises(RowInvalid, match=r"Row 3 is odd\. Even ones\. Leave it out\.") as caught:
        list(in_order(refused, range(9), None, CLUSTER, task="reading"))
    assert type(caught.value) is RowInvalid and (caught.value.field, caught.value.rule) == ("size", "even")
    with pytest.raises(LetterNotTaken) as other:
        list(in_order(refused, [5], None, CLUSTER, task="reading"))
    assert other.value.again is False
    with pytest.raises(CrewUnavailable, match="without BOTTEGA_RAY"):
        list(in_order(vanishes, [1], None, CLUSTER, task="vanishing"))


@pytest.mark.slow
def test_an_evaluation_is_the_same_on_the_cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = EvaluateRequest(models=["als", "linear_autoencoder"], seeds=2, seed=1)
    with ring(tmp_path) as shop:
        one = figures(report_on(shop, asked))
    monkeypatch.setenv("BOTTEGA_RAY", "auto")
    with ShopFolder.open(tmp_path) as shop:
        two = figures(report_on(shop, asked))
    assert one == two and len(one["by_seed"]) == 2 * len(one["models"])
