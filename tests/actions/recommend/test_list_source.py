"""Sources of places in a list: one table for code, answers and manual."""

from __future__ import annotations

import re
from pathlib import Path

from bottega.actions.recommend.list_source import ListSource
from bottega.actions.recommend.shapes import AnsweredItem

MANUAL = Path(__file__).parents[3] / "docs"


def test_the_manual_and_the_schema_name_every_source_that_an_answer_may_hold() -> None:
    sources = {source.value for source in ListSource if not source.of_model}
    described = AnsweredItem.model_fields["source"].description
    assert described is not None and set(re.findall(r"`(\w+)`", described)) == sources
    [row] = [
        line for line in (MANUAL / "api.md").read_text().splitlines() if "recommender that contributed most" in line
    ]
    assert set(re.findall(r"`(\w+)`", row.partition("contributed most")[2].partition(")")[0])) == sources
    [word] = [line for line in (MANUAL / "glossary.md").read_text().splitlines() if line.startswith("| **source**")]
    assert sources <= set(re.findall(r"`(\w+)`", word))


def test_what_the_model_chose_names_no_rule() -> None:
    assert [source for source in ListSource if source.of_model] == [ListSource.MODEL, ListSource.SEEN]
