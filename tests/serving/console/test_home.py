"""Home waits for nothing that takes long to count, says when it was counted, and never claims what was not."""

from __future__ import annotations

from typing import Any

import pytest

from bottega.actions.merchant import overview as overviews
from bottega.shop.slow_counts import SlowCounts

SLOW = ("attribution", "in_vain", "refused_rows")


def test_home_counts_nothing_that_takes_long(empty: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overviews, "_COUNTED", SlowCounts())
    with monkeypatch.context() as patch:
        for slow in SLOW:
            patch.setattr(overviews, slow, None)
        page = empty.get("/console").text
    assert "are being counted" in page and 'data-look-at="/console?wait=true"' in page and "looking.js" in page
    assert "<noscript>" in page and "Nothing was sold" not in page and "Nothing needs attention" not in page
    counted = empty.get("/console?wait=true").text
    assert "data-look" not in counted and "As of <time" in counted and "Nothing was sold" in counted


def test_what_is_old_is_shown_with_its_moment_and_counted_again(empty: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    empty.get("/console?wait=true")
    kept = overviews._COUNTED.last(empty.shop)
    assert kept is not None
    fresh = empty.get("/console").text
    assert "data-look" not in fresh and "As of <time" in fresh
    week = kept.found.week.model_copy(update={"counted_at": "2026-01-05T10:05:00+00:00"})
    old = kept._replace(found=kept.found._replace(week=week))
    monkeypatch.setattr(overviews._COUNTED, "last", lambda shop: old)
    for slow in SLOW:
        monkeypatch.setattr(overviews, slow, None)
    page = empty.get("/console").text
    assert "being counted again" in page and "data-look-at" in page and "05 Jan, 10:05" in page
