"""docs/feeds.md holds every format, every field of --map and every rule, and its example command is true."""

from __future__ import annotations

import re
from pathlib import Path

from bottega.actions.intake.import_catalogue import CHUNK, VANISHED_MAX
from bottega.catalogue.problems import RULES
from bottega.catalogue.readers.columns.mapping import FIELDS, parse_mapping
from bottega.catalogue.readers.registry import READERS

PAGE = (Path(__file__).parents[2] / "docs" / "feeds.md").read_text()


def section(title: str) -> str:
    return PAGE.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def test_formats() -> None:
    rows = [line for line in section("Formats").splitlines() if line.startswith("| `") and "`--as`" not in line]
    assert rows == [f"| `{r.name}` | {r.describe} |" for r in READERS]


def test_rules() -> None:
    rows = [line for line in PAGE.splitlines() if re.match(r"\| `\w+` \| (reject|warn) \|", line)]
    assert rows == [f"| `{name}` | {r.severity} | {r.meaning} | {r.fix} |" for name, r in RULES.items()]


def test_fields_and_numbers() -> None:
    listed = section("`--map`").split("Fields:")[1].split(".")[0]
    assert tuple(re.findall(r"`(\w+)`", listed)) == FIELDS
    assert f"{CHUNK:,} at a time" in PAGE
    assert f"{VANISHED_MAX:.0%} of the catalogue" in PAGE


def test_the_example_and_the_table_of_maps_parse() -> None:
    example = section("`--map`").split("--map ", 1)[1].split("\n\n")[0].replace("\\\n    ", "")
    assert set(parse_mapping(example).entries) == {"id", "title", "category", "attr.color", "attributes", "images"}
    for written in re.findall(r"^\| `([^`]+)` \|", section("`--map`"), re.MULTILINE):
        assert parse_mapping(written)


def test_every_rule_is_used_somewhere() -> None:
    sources = Path(__file__).parents[2] / "src" / "bottega"
    code = "".join(path.read_text() for path in sources.rglob("*.py") if path.name != "problems.py")
    assert [name for name in RULES if f'"{name}"' not in code] == []
