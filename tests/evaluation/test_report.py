"""The report says who wins in words that fit the figures, and its page stands on its own."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from bottega.evaluation.findings import DECIDING, findings
from bottega.evaluation.intervals import Interval, intervals
from bottega.evaluation.protocol import KS, MEASURES, Judged
from bottega.evaluation.report import EvaluationReport
from bottega.evaluation.robustness import ATTACK, CORRUPTIONS, Push, Remains
from bottega.evaluation.scalability import Growth, Point
from bottega.models.recommend.accuracy import ndcg, recall
from bottega.models.recommend.registry import those_that

SHOPPERS = 2000
NOTHING = Interval(float("nan"), float("nan"), float("nan"))
LUCK = np.random.default_rng(0).permutation(SHOPPERS) / SHOPPERS
OTHER_LUCK = np.random.default_rng(1).permutation(SHOPPERS) / SHOPPERS
SIMPLE = those_that(lambda abilities: abilities.simple)
DOCS = Path(__file__).parent.parent.parent / "docs" / "judging.md"


def judged(name: str, share: float, *, luck: np.ndarray = LUCK, short: int = 0, train_s: float = 1.5) -> Judged:
    """A model that puts the target first for `share` of the shoppers, the same ones for every model."""
    ranks = np.where(luck < share, 1, 0).astype(np.int32)
    values = {f"recall@{k}": recall(ranks, k) for k in KS} | {f"ndcg@{k}": ndcg(ranks, k) for k in KS}
    beside = {f"{measure}@{k}": Interval(0.4, float("nan"), float("nan")) for measure in MEASURES[2:] for k in KS}
    return Judged(
        name=name,
        shoppers=len(ranks),
        measures=intervals(values, np.random.default_rng(0), resamples=200) | beside,
        values=values,
        ranks=ranks,
        lists=np.zeros((len(ranks), max(KS)), dtype=np.int32),
        train_s=train_s,
        peak_mb=float("nan") if name == "popular" else 321.4,
        before_mb=100.0,
        answer_ms=0.25,
        short=short,
        simple=name in SIMPLE,
    )


def growth(name: str) -> Growth:
    """Time that grows evenly with events, and memory that nobody could measure."""
    some = Interval(1.0, 0.8, 1.2)
    return Growth(name, (Point(1000, 50, 0.5, 0.2),), some, Interval(0.1, -0.2, 0.4), NOTHING, NOTHING)


def lefts(*names: str) -> tuple[Remains, ...]:
    push = Push(Interval(0.001, 0.0, 0.002), Interval(0.31, 0.29, 0.33))
    left, change = Interval(0.9, 0.8, 0.95), Interval(-0.01, -0.02, -0.005)
    return tuple(
        Remains(model, name, 0.1, left, change, push if name == ATTACK else None)
        for model in names
        for name in CORRUPTIONS
    )


def report(
    *models: Judged,
    split: str = "time",
    unseen: float = 0.0,
    left: tuple[Remains, ...] = (),
    growths: tuple[Growth, ...] = (),
) -> EvaluationReport:
    return EvaluationReport(
        split=split,
        seed=7,
        shoppers=5000,
        events=40000,
        items=1234,
        asked=SHOPPERS,
        unseen_targets=unseen,
        judged=models,
        robustness=left,
        scalability=growths,
        sampled=400 if growths else None,
        cuts_ms=(1_700_000_000_000, 1_710_000_000_000) if split == "time" else None,
        shop="Lamps & Co",
    )


def said(*models: Judged, split: str = "time", unseen: float = 0.0) -> list[tuple[str, str]]:
    return [(each.tone, each.text) for each in findings(models, split=split, unseen_targets=unseen)]


def test_a_larger_model_that_wins_is_praised_with_the_gap() -> None:
    tone, text = said(judged("popular", 0.02), judged("transitions", 0.10), judged("blend", 0.15))[0]
    assert tone == "good"
    assert re.fullmatch(
        r"blend beats the best simple model, transitions, by 0\.0\d+ NDCG@10 "
        r"\(95% interval 0\.0\d+ to 0\.0\d+\), \d+% more\.",
        text,
    )


def test_a_simple_model_that_wins_is_named_with_what_to_do() -> None:
    tone, text = said(judged("popular", 0.02), judged("transitions", 0.15), judged("blend", 0.10))[0]
    assert tone == "caution"
    assert text.startswith("transitions, a simple model, beats blend by 0.0")
    assert "`bottega train --model transitions`" in text and "more events" in text
    low, high = map(float, re.findall(r"interval (\S+) to (\S+)\)", text)[0])
    assert 0 < low < high


def test_a_tie_goes_to_the_simple_model() -> None:
    tone, text = said(judged("popular", 0.02), judged("transitions", 0.10), judged("blend", 0.101, luck=OTHER_LUCK))[0]
    assert tone == "caution"
    assert "cannot be told apart on these 2,000 shoppers" in text and "Prefer transitions" in text


def test_popularity_on_top_is_a_warning() -> None:
    texts = said(judged("popular", 0.10), judged("transitions", 0.05))
    assert ("caution", texts[0][1]) == texts[0] and texts[0][1].startswith("Nothing judged here is ahead of popular")


def test_knowing_the_shopper_must_be_proven() -> None:
    texts = [text for _, text in said(judged("popular", 0.10, luck=OTHER_LUCK), judged("transitions", 0.102))]
    assert any(text.startswith("It is not sure that knowing the shopper helps") for text in texts)
    texts = [text for _, text in said(judged("popular", 0.02), judged("transitions", 0.10))]
    assert any("transitions beats popular by" in text and "times as much" in text for text in texts)


def test_overlapping_intervals_are_explained() -> None:
    # Nearly all hits are shared, so the small gap is sure, though both intervals overlap.
    one, two = judged("blend", 0.112), judged("next_item", 0.10)
    assert one.measures[DECIDING].low < two.measures[DECIDING].high
    texts = [text for _, text in said(judged("popular", 0.01), one, two)]
    assert any("overlap" in text and "blend is ahead for sure" in text for text in texts)
    apart = judged("next_item", 0.10, luck=OTHER_LUCK)
    texts = [text for _, text in said(judged("popular", 0.01), one, apart)]
    assert any("that may be luck" in text for text in texts)


def test_limits_of_the_evaluation_are_told() -> None:
    few = judged("popular", 0.1, luck=LUCK[:50], short=10)
    texts = " ".join(text for _, text in said(few, split="last", unseen=0.22))
    assert "Only 50 shoppers" in texts and "22% of the right answers" in texts and "0.78" in texts
    assert "popular (10)" in texts and "--split time" in texts
    assert said() == []


def test_tables_hold_every_figure_and_mark_the_best() -> None:
    made = report(judged("popular", 0.02), judged("blend", 0.15), judged("transitions", 0.10))
    accuracy, beside, cost = made.tables()
    assert [row[0] for row in accuracy.rows] == ["blend", "transitions", "popular"]
    assert accuracy.columns == ("model", "recall@5", "recall@10", "recall@20", "ndcg@5", "ndcg@10", "ndcg@20")
    assert accuracy.best == {(0, column) for column in range(1, 7)}
    assert re.fullmatch(r"0\.\d{4} ±0\.\d{4}", accuracy.rows[0][5])
    assert beside.rows[0][1] == "0.400" and cost.rows[0][1:3] == ("1.5", "321") and cost.rows[2][2] == "not measured"


def test_json_has_no_nan_and_every_measure() -> None:
    left = Remains("blend", "order shuffled", 0.1, NOTHING, Interval(-0.05, -0.06, -0.04))
    made = report(judged("popular", 0.02), judged("blend", 0.15), left=(left,)).as_dict()
    text = json.dumps(made, allow_nan=False)
    model = json.loads(text)["models"][0]
    assert model["model"] == "blend" and model["users"] == SHOPPERS
    assert {f"{measure}@{k}" for measure in MEASURES for k in KS} <= set(model)
    assert model["intervals"]["ndcg@10"][0] < model["ndcg@10"] < model["intervals"]["ndcg@10"][1]
    assert "coverage@10" not in model["intervals"] and made["models"][1]["peak_mb"] is None
    assert made["robustness"][0]["left"] == [None, None, None] and made["cuts_ms"] == [
        1_700_000_000_000,
        1_710_000_000_000,
    ]


class Outside(HTMLParser):
    """Collects tags, and everything a page would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.fetched += [f"{name}={value}" for name, value in attrs if name in {"src", "href", "xlink:href"} and value]


def page_of(made: EvaluationReport) -> tuple[str, Outside]:
    page = made.html()
    found = Outside()
    found.feed(page)
    return page, found


def test_the_page_fetches_nothing_and_shows_everything() -> None:
    left, growths = lefts("blend", "popular"), (growth("blend"), growth("popular"))
    made = report(judged("popular", 0.02), judged("blend", 0.15), left=left, growths=growths, unseen=0.2)
    page, found = page_of(made)
    assert [each for each in found.fetched if not each.startswith("xlink:href=#")] == []
    assert "script" not in found.tags and "link" not in found.tags and "@import" not in page
    assert found.tags.count("svg") == 6 and found.tags.count("table") == 6 and found.tags.count("figure") == 6
    assert "blend beats the best simple model" in page and "Lamps &amp; Co" in page and "2024-03-09" in page
    assert "currentColor" in page and "#010203" not in page and "prefers-color-scheme: dark" in page
    assert all(name in page for name in CORRUPTIONS) and "90%<small>±7%</small>" in page
    assert "31.0%<small>±2.0%</small>" in page and "1.00<small>±0.20</small>" in page and "Shoppers sampled" in page


def test_what_could_not_be_measured_is_a_dash_and_null() -> None:
    made = report(judged("blend", 0.15), growths=(growth("blend"),))
    table = next(each for each in made.tables() if each.title == "Scalability")
    assert table.rows == (("blend", "1.00 ±0.20", "0.10 ±0.30", "–", "–"),)
    (found,) = json.loads(json.dumps(made.as_dict(), allow_nan=False))["scalability"]
    assert found["time_events"] == [1.0, 0.8, 1.2] and found["memory_events"] == [None, None, None]
    assert found["points"] == [{"events": 1000, "products": 50, "train_s": 0.5, "added_mb": 0.2}]


def test_commands_in_findings_are_set_as_code() -> None:
    page, _ = page_of(report(judged("popular", 0.02), judged("transitions", 0.15), judged("blend", 0.1)))
    assert "<code>bottega train --model transitions</code>" in page


def test_names_cannot_break_out_of_the_page() -> None:
    page, found = page_of(report(judged("popular", 0.02), judged('<script>alert("x")</script>', 0.15)))
    assert "script" not in found.tags and "<script" not in page


def test_a_report_of_nothing_is_still_a_page() -> None:
    _, found = page_of(report())
    assert found.tags.count("table") == 3 and "svg" not in found.tags


@pytest.mark.parametrize("train_s", [0.0, 0.001, 7200.0])
def test_any_training_time_can_be_drawn(train_s: float) -> None:
    page, _ = page_of(report(judged("popular", 0.02, train_s=train_s)))
    assert "NaN" not in page and "Infinity" not in page


def test_the_manual_explains_every_name_that_is_printed() -> None:
    manual = DOCS.read_text()
    made = report(judged("blend", 0.15), left=lefts("blend"), growths=(growth("blend"),))
    for table in made.tables():
        if table.title == "Robustness":
            continue
        for column in table.columns[1:]:
            assert f"`{re.sub('@.*', '@k', column)}`" in manual, column
    for measure in MEASURES:
        assert f"`{measure}@k`" in manual
    for name in SIMPLE:
        assert f"`{name}`" in manual
    for name in CORRUPTIONS:
        words = name if not name.endswith("lost") else name.split("%")[0] + "%"
        assert words in manual, name
