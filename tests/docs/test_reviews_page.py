"""docs/reviews.md says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from bottega.reviews.columns import ALIASES
from bottega.reviews.readers.registry import READERS
from bottega.reviews.rules import RULES

PAGE = (Path(__file__).parents[2] / "docs" / "reviews.md").read_text(encoding="utf-8")


def table(first_column: str) -> list[list[str]]:
    lines = PAGE.splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(f"| {first_column} |"))
    rows: list[list[str]] = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split(" | ")])
    return rows


def test_formats_fields_and_rules_are_those_of_the_code() -> None:
    assert [tuple(row) for row in table("format")] == [(f"`{one.name}`", one.describe) for one in READERS]
    assert {field: tuple(re.findall(r"`([^`]+)`", names)) for field, _, names in table("field")} == {
        f"`{field}`": names for field, names in ALIASES.items()
    }
    assert [tuple(row) for row in table("rule")] == [
        (f"`{name}`", rule.meaning, rule.fix) for name, rule in RULES.items()
    ]
