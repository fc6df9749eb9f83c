"""The plan follows from sizes alone."""

from __future__ import annotations

import pytest

from bottega.models.recommend.sequence.next_item import NextItemConfig
from bottega.models.recommend.sequence.plan import plan_for

CONFIG = NextItemConfig()


def test_a_published_size_gets_all_its_epochs() -> None:
    plan = plan_for(CONFIG, events=131_413, n_items=12_101)
    assert (plan.width, plan.sampled, plan.epochs) == (CONFIG.width, False, CONFIG.epochs)


def test_a_small_shop_is_narrower() -> None:
    assert plan_for(CONFIG, events=40_000, n_items=600).width == 64


@pytest.mark.parametrize(("events", "n_items"), [(1_000_000, 50_000), (200_000, 1_000_000)])
def test_where_the_whole_catalogue_is_too_dear_a_sample_is_scored(events: int, n_items: int) -> None:
    plan = plan_for(CONFIG, events=events, n_items=n_items)
    assert plan.sampled
    assert 1 <= plan.epochs <= CONFIG.epochs


def test_twice_the_events_get_half_the_passes() -> None:
    one, two = (plan_for(CONFIG, events=events, n_items=30_000).epochs for events in (1_000_000, 2_000_000))
    assert one == pytest.approx(2 * two)


def test_a_huge_shop_gets_part_of_a_pass() -> None:
    assert 0 < plan_for(CONFIG, events=50_000_000, n_items=1_000_000).epochs < 1
