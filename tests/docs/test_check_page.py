"""docs/check.md holds every rule of a check in its own words, every stage of the meter, and true numbers."""

from __future__ import annotations

import re
from pathlib import Path

from bottega.actions.check.meter import STAGES
from bottega.actions.check.shapes import CheckRequest
from bottega.catalogue.problems import RULES
from bottega.catalogue.quality.rules import CATALOGUE_RULES
from bottega.events.quality.rules import EVENT_RULES, FILE_RULES
from bottega.reviews.quality import REVIEW_RULES

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "check.md").read_text()


def test_every_rule_of_imports_stands_at_its_level() -> None:
    said = dict(re.findall(r"^- (error|warning|hint): (`\w+`, .*)$", PAGE, re.MULTILINE))
    assert {level: sorted(re.findall(r"`(\w+)`", names)) for level, names in said.items()} == {
        level: sorted(name for name in RULES if CATALOGUE_RULES[name].level == level) for level in said
    }
    assert len(said) == 3


def test_every_other_rule_is_in_the_table_in_its_own_words() -> None:
    rows = [line for line in PAGE.splitlines() if re.match(r"\| `\w+` \| (error|warning|hint) \|", line)]
    rules = {
        name: rule
        for name, rule in {**CATALOGUE_RULES, **EVENT_RULES, **REVIEW_RULES, **FILE_RULES}.items()
        if name not in RULES
    }
    assert rows == [f"| `{name}` | {rule.level} | {rule.meaning} | {rule.fix} |" for name, rule in rules.items()]
    assert not CATALOGUE_RULES.keys() & EVENT_RULES.keys()


def test_every_stage_of_the_meter_is_there() -> None:
    rows = [line for line in PAGE.splitlines() if re.match(r"\| [\d,]+ \|", line)]
    assert rows == [f"| {events:,} | {works} |" for events, works in STAGES]


def test_the_numbers_are_the_defaults() -> None:
    fields = CheckRequest.model_fields
    assert f"the first {fields['examples'].default} of each rule" in PAGE
    assert f"{fields['pictures'].default} are looked at" in PAGE


def test_every_rule_is_used_somewhere() -> None:
    sources = [
        path for path in (ROOT / "src" / "bottega").rglob("*.py") if path.name not in ("rules.py", "problems.py")
    ]
    code = "".join(path.read_text() for path in sources)
    functions = re.findall(r"^def (\w+)\(row: SeenRow\)", code, re.MULTILINE)
    used = set(re.findall(r'"(\w+)"', code)) | set(functions)
    assert {*CATALOGUE_RULES, *EVENT_RULES, *FILE_RULES} - used == set()
