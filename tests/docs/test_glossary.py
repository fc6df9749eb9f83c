"""The glossary: each word has one line, and one class has one name."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import bottega

ROOT = Path(__file__).parents[2]
TWINS = {"Reading", "Reader"}
"""Feeds and events are read alike, in two rooms that do not know each other; what they share is in `sources/`."""
OF_TWO_WORLDS = {"Segment"}
"""A group of shoppers, and the product of that name whose exports are read."""


def test_a_word_stands_once_in_the_glossary() -> None:
    words = re.findall(r"^\| \*\*(.+?)\*\* \|", (ROOT / "docs" / "glossary.md").read_text(), flags=re.MULTILINE)
    assert len(words) > 60
    assert [word for word, times in Counter(words).items() if times > 1] == []


def test_a_public_class_has_a_name_of_its_own() -> None:
    names = Counter(
        node.name
        for path in Path(bottega.__path__[0]).rglob("*.py")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert {name for name, times in names.items() if times > 1} == TWINS | OF_TWO_WORLDS
