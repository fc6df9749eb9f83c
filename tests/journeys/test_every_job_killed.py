"""Every kind of job is known to end as if nobody had killed it: in its middle, and behind its last step."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import job_kills
from bottega.actions.jobs.ask import LATER

REPOSITORY = Path(__file__).parents[2]


def test_every_kind_of_job_is_told_of() -> None:
    """A new kind of job needs a line in benchmarks/job_kills.py, which kills it, or says why nothing does."""
    told = [*job_kills.TRIED, *job_kills.ELSEWHERE, *job_kills.UNTRIED]
    assert sorted(told) == sorted(LATER) and set(job_kills.QUICK) <= set(job_kills.TRIED)
    for place in job_kills.ELSEWHERE.values():
        assert (REPOSITORY / place).exists()


@pytest.fixture(scope="module")
def doing() -> Iterator[job_kills.Attempts]:
    with job_kills.attempts() as process:
        yield process


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("killed") / "shop"
    job_kills.make_shop(root)
    return root


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that fork")
@pytest.mark.parametrize("verb", job_kills.QUICK)
def test_killed_twice_it_leaves_what_it_leaves_undisturbed(
    verb: str, doing: job_kills.Attempts, shop: Path, tmp_path: Path
) -> None:
    told = job_kills.killed_and_taken_up(doing, verb, shop, tmp_path)
    assert told["rows"] > 0


def test_one_row_more_is_found_out(doing: job_kills.Attempts, shop: Path, tmp_path: Path) -> None:
    """The trial itself: where the run that is killed brings one review more, it says so."""
    asked: list[Path] = []

    def request(beside: Path) -> dict[str, Any]:
        asked.append(beside)
        rows = [f"r{i},p{i},4,Runs small,Ann" for i in range(4 + len(asked))]
        (beside / "r.csv").write_text("\n".join(["review_id,product_id,rating,text,reviewer_name", *rows]))
        return {"source": str(beside / "r.csv")}

    with pytest.MonkeyPatch.context() as patched, pytest.raises(AssertionError, match="import_reviews left other"):
        patched.setitem(job_kills.TRIED, "import_reviews", job_kills.Tried(request))
        job_kills.killed_and_taken_up(doing, "import_reviews", shop, tmp_path)
    assert len(asked) == 2
