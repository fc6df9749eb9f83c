"""A feed with every seeded fault: all are found, each in its place, and its clean twin has nothing against it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.actions.check.seeded_feed import BIKES_AND_BOOKS, FAULTS, LAMPS_AND_SHIRTS, Assortment, SeededFeed

from bottega.actions.check.check_feed import check_feed
from bottega.actions.check.shapes import CheckFeedRequest, CheckReport
from bottega.sources.findings import FEED

LEAST_FAULTS = 40
CONSEQUENCES: dict[str, set[str]] = {
    "price_missing": {"price_unparsable", "price_negative", "currency_unknown"},
    "required_missing": {"url_not_absolute"},
    "title_capitals": {"title_is_brand"},
    "attribute_gap": {"group_undescribed", "variant_gap", "empty_word"},
}
"""Rule to the faults that break it as well: they leave its field empty, or write a brand in capitals."""

both = pytest.mark.parametrize(
    ("assortment", "seed", "name"),
    [(LAMPS_AND_SHIRTS, 7, "feed.tsv"), (LAMPS_AND_SHIRTS, 8, "feed.csv"), (BIKES_AND_BOOKS, 1912, "feed.csv")],
    ids=["lamps", "lamps-8", "bikes"],
)


def checked(path: Path) -> CheckReport:
    return check_feed(None, CheckFeedRequest(source=path, examples=10_000))


@both
def test_every_seeded_fault_is_found_in_its_place(assortment: Assortment, seed: int, name: str, tmp_path: Path) -> None:
    feed = SeededFeed(assortment, seed).with_faults()
    report = checked(feed.write(tmp_path / name))
    found = {rule.rule: {one.place for one in rule.examples} for rule in report.rules}
    assert len(FAULTS) >= LEAST_FAULTS and len({rule for rule, _ in FAULTS}) == len(FAULTS)
    wanted = {rule: feed.places(rows, name) for rule, rows in feed.expected.items()}
    missed = {rule for rule in wanted if rule not in found or not wanted[rule] <= found[rule]}
    assert missed == set()
    wrong = {}
    for rule, places in found.items():
        expected = set(wanted.get(rule, ()))
        for cause in CONSEQUENCES.get(rule, ()):
            expected |= feed.places(feed.touched[cause], name)
        whole = rule in feed.expected and not feed.expected[rule]
        if strange := (places - expected) - ({FEED} if whole else set()):
            wrong[rule] = strange
    assert wrong.pop("columns_extra", None), "its row is no row of the table"
    assert wrong == {}


@both
def test_nothing_is_said_of_the_clean_twin(assortment: Assortment, seed: int, name: str, tmp_path: Path) -> None:
    report = checked(SeededFeed(assortment, seed).write(tmp_path / name))
    assert [(rule.rule, rule.count, rule.examples[:2]) for rule in report.rules] == []
    assert report.products == report.rows > 300 and report.rejected == 0
