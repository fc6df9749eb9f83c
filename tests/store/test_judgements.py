"""Judgements of challengers and reports of drift: the newest is found, and each by its version."""

from __future__ import annotations

from bottega.store.judgements import DriftReport, Judgement
from bottega.store.store import Store


def test_the_newest_judgement_of_an_ability(store: Store) -> None:
    assert store.judgements.latest() is None and store.judgements.of("1") is None
    first = Judgement("recommend", 5, "1", False, {"why": "worse", "low": None})
    second, eye = Judgement("recommend", 7, "2", True, {}), Judgement("eye", 9, "3", True, {})
    for one in (first, second, eye):
        store.judgements.add(one)
    assert (store.judgements.latest(), store.judgements.of("1")) == (second, first)
    assert store.judgements.latest("eye") == eye


def test_the_newest_report_of_drift(store: Store) -> None:
    assert store.judgements.drift() is None
    for time_ms in (1, 2):
        store.judgements.add_drift(DriftReport(time_ms, "v", {"alarms": ["kinds"]}))
    assert store.judgements.drift() == DriftReport(2, "v", {"alarms": ["kinds"]})
