"""How the shop's models are, and which jobs failed."""

from __future__ import annotations

from bottega.actions.jobs.ask import list_jobs
from bottega.actions.jobs.shapes import JobsRequest, JobSummary
from bottega.actions.reports.saying import column, counted, page, row, section
from bottega.actions.reports.shapes import NextStep, ReportSection
from bottega.actions.reports.sold import Days
from bottega.actions.running.models import ListedModel, ModelsRequest, list_models
from bottega.shop.open_shop import OpenShop

__all__ = ["failed_jobs", "models_of"]

OLD_DAYS = 30
"""A shop's own recommender that is older is worth a training."""


def models_of(shop: OpenShop) -> tuple[ReportSection, list[NextStep]]:
    """The shop's own models in use: how old, and whether they were as good as they must be."""
    found = list_models(shop, ModelsRequest())
    used = [one for one in found.models if one.in_use]
    mine = [one for one in used if one.origin == "own"]
    shipped = [one for one in used if one.origin == "shipped"]
    columns = [
        column("ability", "What it does"),
        column("name", "model"),
        column("age_days", "days old", "days"),
        column("quality", "quality"),
    ]
    rows = [row(page("models"), one.ability, one.name, one.age_days, _quality(one)) for one in mine]
    words, steps = [], []
    own = next((one for one in mine if one.ability == "recommend"), None)
    if own is None:
        words.append("No recommender was trained on this shop's own events yet: lists are what most chose.")
    elif own.age_days is not None and own.age_days > OLD_DAYS and found.train_schedule == "off":
        old = f"The recommender is {own.age_days:.0f} days old, and nothing trains it anew: train it, or let it be."
        steps.append(NextStep(words=old, link=page("models")))
    if (judged := found.judgement) is not None:
        words.append(
            f"The newest challenger {'was taken over' if judged.served else 'was not taken over'}: {judged.why}"
        )
    if shipped:
        missing = [one.ability for one in shipped if any(not bar.met for bar in one.bars)]
        words.append(
            f"{counted(len(shipped), 'more model')} {'comes' if len(shipped) == 1 else 'come'} with Bottega"
            + (f"; not all their aims are met by {', '.join(missing)}." if missing else ".")
        )
    words.append(f"Trainings by themselves: {found.train_schedule}.")
    return section("models", "Models, as they stand now", columns, rows, link=page("models"), words=words), steps


def _quality(model: ListedModel) -> str:
    missed = [bar.measure for bar in model.bars if not bar.met]
    if not model.bars:
        return ""
    return f"misses {', '.join(missed)}" if missed else f"meets {counted(len(model.bars), 'bar')}"


def failed_jobs(shop: OpenShop, days: Days) -> tuple[ReportSection, list[NextStep]]:
    """Jobs that failed in the week."""
    failed: list[JobSummary] = []
    after = None
    while True:
        found = list_jobs(shop, JobsRequest(state="failed", n=1000, after=after))
        failed += [one for one in found.jobs if days.since_ms <= (one.ended_ms or 0) < days.until_ms]
        after = found.next
        if after is None:
            break
    columns = [column("job", "Job"), column("number", "number", "count"), column("why", "why"), column("next_step", "")]
    rows = [
        row(
            page("job", number=one.number),
            one.verb.replace("_", " "),
            one.number,
            one.error.message if one.error else "",
            one.error.next_step if one.error else "",
        )
        for one in failed
    ]
    steps = []
    if failed:
        words = f"{counted(len(failed), 'job')} failed this week: look at why, and try again."
        steps.append(NextStep(words=words, link=page("jobs")))
    return section(
        "jobs", "Jobs that failed", columns, rows, link=page("jobs"), empty="No job failed this week."
    ), steps
