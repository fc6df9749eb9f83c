"""Files and links that the documentation names exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "benchmarks").glob("*.md"))]
CODE = re.compile(r"`((?:[\w-]+/)+[\w-]+\.py)`")
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_paths_and_links_exist(page: Path) -> None:
    text = page.read_text()
    places = (ROOT, ROOT / "src" / "bottega")
    lost = [name for name in CODE.findall(text) if not any((place / name).exists() for place in places)]
    lost += [link for link in LINK.findall(text) if not (page.parent / link).exists()]
    assert not lost, f"{page.name} names what is not there: {lost}"
