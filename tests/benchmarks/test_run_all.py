"""`make bench` runs every benchmark that has a page, and the scripts only call what the package holds."""

from __future__ import annotations

import re
from pathlib import Path

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
APART = {"next_item", "shared_work", "soak", "ten_million", "watch", "weights"}
"""Pages whose figures come by ranking.py, by soak.py, ten_million.py and shared_work.py, long and each on a machine of
its own, by `make watch`, and by `make weights`."""


def test_every_page_has_a_script_that_is_run() -> None:
    run = {Path(script).stem for script in re.findall(r'": \("([\w]+\.py)"', (BENCHMARKS / "run_all.py").read_text())}
    pages = {page.stem for page in BENCHMARKS.glob("*.md")} - {"README"}
    assert pages - run - APART == set(), "a page that no run of all makes anew"
    assert all((BENCHMARKS / f"{name}.py").exists() for name in run)


def test_no_script_writes_weights_or_cards_by_itself() -> None:
    """Recipes and cards are the package's: a script that needs one calls it."""
    for script in BENCHMARKS.glob("*.py"):
        text = script.read_text()
        assert "card.json" not in text.replace('"card.json"', "card.json").replace("`card.json`", ""), script.name
        assert not re.search(r"\.fit_network\(|fit_parts\(", text), script.name
