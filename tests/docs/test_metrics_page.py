"""docs/api.md names every metric that /metrics shows; those of models have a table of their own."""

from __future__ import annotations

from pathlib import Path

from bottega.serving.http.meters import Meters

DOCS = Path(__file__).parents[2] / "docs"


def test_every_metric_is_described() -> None:
    page = (DOCS / "api.md").read_text()
    meters = Meters()
    shown = [*meters.registry.collect(), *meters.state.collect()]
    names = {one.name + ("_total" if one.type == "counter" else "") for one in shown}
    assert len(names) > 15
    assert {name for name in names if f"`{name}`" not in page} == set()


def test_what_is_watched_of_models_is_explained() -> None:
    page = (DOCS / "staying-good.md").read_text()
    names = {one.name for one in Meters().state.collect() if "drift" in one.name or "challenger" in one.name}
    assert names and {name for name in names if f"| `{name}` |" not in page} == set()
