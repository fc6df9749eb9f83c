"""What needs attention in a shop: each thing that waits for somebody, counted and said in a sentence."""

from __future__ import annotations

from collections.abc import Iterator

from bottega.actions.connections.connections import list_connections
from bottega.actions.connections.shapes import ConnectionsRequest
from bottega.actions.intake.read_rejects import list_rejects
from bottega.actions.intake.reject_shapes import RejectListsRequest
from bottega.actions.merchant.overview_shapes import Attention, AttentionKind, ModelAge
from bottega.actions.rules.conflicts import rule_conflicts
from bottega.actions.rules.shapes import ConflictsRequest
from bottega.actions.search.report import search_report
from bottega.actions.search.report_shapes import SearchReportRequest
from bottega.names import DAY_MS
from bottega.shop.open_shop import OpenShop
from bottega.shop.platforms import unready
from bottega.shop.schedules import OFF
from bottega.shop.shape import Health
from bottega.store.jobs import JobState
from bottega.store.suggestions import SuggestionKind, SuggestionState

__all__ = ["in_vain", "needs_attention", "refused_rows"]

CONNECT = "connect"
"""The verb that asks platforms; how they stand is told by platform."""
FAILED_DAYS = 7
OLD_DAYS = 14
"""Days after which a model that nothing trains by itself is called old."""
IN_VAIN_MOST = 20
_LEVELS = ("broken", "waiting", "next")


def needs_attention(
    shop: OpenShop, health: Health, model: ModelAge, *, in_vain: int, refused: int, now: int
) -> list[Attention]:
    """What waits for somebody, the most pressing first. `in_vain`: searches that find nothing; `refused`: rows that
    imports could not use; `now`: UTC ms."""
    catalogue = _catalogue(shop, in_vain, refused)
    found = [*_state(health), *_work(shop, now), *_model(health, model), *_people(shop), *catalogue]
    return sorted(found, key=lambda one: _LEVELS.index(one.level))


def refused_rows(shop: OpenShop) -> int:
    """What is wrong with rows that imports could not use, in the lists that are there still."""
    return sum(one.problems for one in list_rejects(shop, RejectListsRequest()).lists if one.level == "rejected")


def in_vain(shop: OpenShop) -> int:
    """How many different things shoppers searched for in the last week of which nothing is found; 20 at most."""
    asked = SearchReportRequest(show="nothing_found", days=7, n=IN_VAIN_MOST)
    return len(search_report(shop, asked).queries)


def _state(health: Health) -> Iterator[Attention]:
    if health.status == "store_unavailable":
        yield _broken("store_unavailable", 1, "The database cannot be reached: lists are answered, nothing is stored.")
    if health.status == "disk_full":
        yield _broken("disk_full", 1, "The disk is full: lists are answered, nothing is stored.")
    if not health.products:
        yield _next("no_products", "The shop has no products yet: import a catalogue, or connect the platform.")
    elif not health.events:
        yield _next("no_events", "No shopper's doings are known yet: put the pixel on the shop's pages.")


def _work(shop: OpenShop, now: int) -> Iterator[Attention]:
    """Jobs that failed and were not done since, and jobs that wait for what does not answer."""
    failed = shop.store.jobs.failed_since(now - FAILED_DAYS * DAY_MS)
    newest = {verb: shop.store.jobs.newest(verb) for verb in {job.verb for job in failed}}
    left = [job for job in failed if (last := newest[job.verb]) is None or last.state is not JobState.DONE]
    left = [job for job in left if job.verb != CONNECT]
    if left:
        verbs = ", ".join(sorted({job.verb.replace("_", " ") for job in left}))
        yield _broken("failed_jobs", len(left), f"{_n(len(left), 'job')} failed this week: {verbs}.")
    lacking = unready(shop.folder) if shop.settings.connect_schedule != OFF else {}
    for platform, why in lacking.items():
        text = f"{platform} is to be asked by schedule, and is not until this is mended: {why.seen} {why.next_step}"
        yield _broken("unready_feeds", 1, text.strip())
    asked = list_connections(shop, ConnectionsRequest()).connections
    broken = [
        one.platform
        for one in asked
        if one.platform not in lacking and one.last_run is not None and one.last_run.state == "failed"
    ]
    if broken:
        yield _broken("broken_feeds", len(broken), f"The last fetch from {' and '.join(broken)} failed.")
    waiting = [job for job in shop.store.jobs.unfinished() if job.put_off]
    if waiting:
        text = f"{_n(len(waiting), 'job')} did not reach what is needed; each is tried again by itself."
        yield _broken("put_off_jobs", len(waiting), text)


def _model(health: Health, model: ModelAge) -> Iterator[Attention]:
    if health.products and health.events and model.trained_at is None:
        yield _next("no_model", "Nothing was trained yet: train, and lists follow what shoppers do.")
    elif model.age_days is not None and model.age_days > OLD_DAYS and model.schedule == OFF:
        text = f"The model is {model.age_days:.0f} days old, and nothing trains it by itself."
        yield _waiting("old_model", 1, text)


def _people(shop: OpenShop) -> Iterator[Attention]:
    if waiting := shop.store.talks.waiting():
        who = "1 shopper waits" if waiting == 1 else f"{waiting:,} shoppers wait"
        yield _broken("talks_waiting", waiting, f"{who} for a person to answer.")
    _, asked = shop.store.asked_questions.page(answered=False, n=1)
    if asked:
        yield _waiting("questions", asked, f"{_n(asked, 'question')} of shoppers that no listing answers.")


def _catalogue(shop: OpenShop, in_vain: int, refused: int) -> Iterator[Attention]:
    if refused:
        yield _waiting(
            "rejected_rows", refused, f"{_n(refused, 'problem')} kept rows out of imports; they can be mended."
        )
    counts = shop.store.suggestions.counts()
    doubts = counts.get((SuggestionKind.DOUBT, SuggestionState.OPEN), 0)
    fills = sum(count for (_, state), count in counts.items() if state is SuggestionState.OPEN) - doubts
    if doubts:
        yield _waiting("doubts", doubts, f"{_n(doubts, 'doubt')} about what listings say.")
    if in_vain:
        most = " or more" if in_vain == IN_VAIN_MOST else ""
        yield _waiting("searches_in_vain", in_vain, f"{in_vain}{most} searches of this week find nothing.")
    if fills:
        yield _waiting("suggestions", fills, f"{_n(fills, 'suggestion')} for listings, to accept or reject.")
    if conflicts := rule_conflicts(shop, ConflictsRequest()).total:
        yield _waiting("rule_conflicts", conflicts, f"{_n(conflicts, 'conflict')} between saved rules.")


def _broken(kind: AttentionKind, count: int, text: str) -> Attention:
    return Attention(kind=kind, level="broken", count=count, text=text)


def _waiting(kind: AttentionKind, count: int, text: str) -> Attention:
    return Attention(kind=kind, level="waiting", count=count, text=text)


def _next(kind: AttentionKind, text: str) -> Attention:
    return Attention(kind=kind, level="next", count=1, text=text)


def _n(count: int, word: str) -> str:
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"
