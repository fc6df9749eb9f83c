"""`bottega jobs`: ask for work that a worker does later, see how far it is, end it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bottega.errors import RequestInvalid
from bottega.serving.cli.console import EXIT_NOTHING_DONE, guard, note, say
from bottega.serving.cli.options import ShopFolder

if TYPE_CHECKING:
    from bottega.actions.jobs.shapes import JobInfo, JobSummary

__all__ = ["app", "cancel", "dead", "list_", "retry", "show", "start"]

app = typer.Typer(help="Work that a worker does later.", no_args_is_help=True)

Number = Annotated[int, typer.Argument(min=0, help="Of the job, as the list shows it.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@app.command()
def start(
    verb: Annotated[str, typer.Argument(help="What to do, as in train, tag_catalogue or import_events.")],
    fields: Annotated[
        list[str] | None, typer.Argument(help="What it takes, field=value, as in source=feed.csv.", show_default=False)
    ] = None,
    as_json: AsJson = False,
    shop: ShopFolder = Path(),
) -> None:
    """Ask for a job: a running server or `bottega worker` does it."""
    from bottega.actions.jobs.shapes import StartJobRequest
    from bottega.actions.verbs import verb as verb_of
    from bottega.shop.open_shop import OpenShop

    with guard():
        request = StartJobRequest(verb=verb, request=dict(_field(said) for said in fields or []))
        with OpenShop.open(shop) as opened:
            job = verb_of("start_job").run_by(opened, request, here=True)
    typer.echo(job.model_dump_json(indent=2)) if as_json else say(f"Job {job.number}: {job.verb} {job.state}.")


@app.command("list")
def list_(
    state: Annotated[str | None, typer.Option(help="waiting, running, done, failed or cancelled.")] = None,
    verb: Annotated[str | None, typer.Option(help="Those of one verb, as in train.")] = None,
    n: Annotated[int, typer.Option("--n", min=1, max=1000, help="At most so many.")] = 20,
    as_json: AsJson = False,
    shop: ShopFolder = Path(),
) -> None:
    """Show jobs and how far they are, the newest first."""
    from rich.console import Console
    from rich.table import Table

    from bottega.actions.jobs.ask import list_jobs
    from bottega.actions.jobs.shapes import JobsRequest
    from bottega.shop.open_shop import OpenShop

    states = ("waiting", "running", "done", "failed", "cancelled")
    with guard():
        if state not in (None, *states):
            raise RequestInvalid(
                f"Jobs were asked for by {state!r}.",
                allowed=f"It may be {', '.join(states)}.",
                next_step="Choose one of them.",
            )
        with OpenShop.open(shop) as opened:
            page = list_jobs(opened, JobsRequest.model_validate({"state": state, "verb": verb, "n": n}))
    if as_json:
        typer.echo(page.model_dump_json(indent=2))
        return
    table = Table(box=None, highlight=False)
    for column in ("job", "verb", "state", "asked for (UTC)", "how far"):
        table.add_column(column, justify="right" if column == "job" else "left")
    for job in page.jobs:
        asked = datetime.fromtimestamp(job.created_ms / 1000, UTC)
        table.add_row(str(job.number), job.verb, job.state, f"{asked:%Y-%m-%d %H:%M:%S}", _how_far(job))
    Console(highlight=False, markup=False).print(table)
    say(", ".join(f"{number:,} {name}" for name, number in page.counts.items() if number) or "There are none.")


@app.command()
def show(number: Number, as_json: AsJson = False, shop: ShopFolder = Path()) -> None:
    """Show one job: how far it is, and what came of it."""
    from bottega.actions.jobs.ask import show_job
    from bottega.actions.jobs.shapes import JobRequest
    from bottega.shop.open_shop import OpenShop

    with guard(), OpenShop.open(shop) as opened:
        job = show_job(opened, JobRequest(number=number))
    _show(job, as_json)


@app.command()
def cancel(number: Number, as_json: AsJson = False, shop: ShopFolder = Path()) -> None:
    """End a job: one that waits at once, one that runs within seconds."""
    from bottega.actions.jobs.shapes import JobRequest
    from bottega.actions.verbs import verb
    from bottega.shop.open_shop import OpenShop

    with guard(), OpenShop.open(shop) as opened:
        job = verb("cancel_job").run_by(opened, JobRequest(number=number))
    _show(job, as_json)
    if not job.cancel:
        raise typer.Exit(EXIT_NOTHING_DONE)


@app.command()
def retry(number: Number, as_json: AsJson = False, shop: ShopFolder = Path()) -> None:
    """Try a job again that failed or was cancelled, or at once one that was put off."""
    from bottega.actions.jobs.shapes import JobRequest
    from bottega.actions.verbs import verb
    from bottega.shop.open_shop import OpenShop

    with guard(), OpenShop.open(shop) as opened:
        job = verb("retry_job").run_by(opened, JobRequest(number=number))
    _show(job, as_json)


@app.command()
def dead(
    n: Annotated[int, typer.Option("--n", min=1, max=1000, help="At most so many.")] = 20,
    as_json: AsJson = False,
    shop: ShopFolder = Path(),
) -> None:
    """Show jobs that failed for good, the newest first, with why and what to do."""
    from bottega.actions.jobs.ask import list_jobs
    from bottega.actions.jobs.shapes import JobsRequest
    from bottega.shop.open_shop import OpenShop

    with guard(), OpenShop.open(shop) as opened:
        page = list_jobs(opened, JobsRequest(state="failed", n=n))
    if as_json:
        typer.echo(page.model_dump_json(indent=2))
        return
    for job in page.jobs:
        assert job.error is not None and job.ended_ms is not None, "a job that failed says why"
        at = datetime.fromtimestamp(job.ended_ms / 1000, UTC)
        tries = "1 attempt" if job.attempts == 1 else f"{job.attempts} attempts"
        say(f"{job.number}  {job.verb}  {at:%Y-%m-%d %H:%M:%S} UTC  after {tries}  {job.error.code}")
        say(f"    {job.error.message}")
    failed = page.counts["failed"]
    say(f"{failed:,} failed; `bottega jobs retry NUMBER` tries one again." if failed else "None failed.")


def _show(job: JobInfo, as_json: bool) -> None:
    if as_json:
        typer.echo(job.model_dump_json(indent=2))
        return
    asked = json.dumps(job.request, ensure_ascii=False)
    say(f"Job {job.number}: {job.verb} {asked}: {job.state}{' (asked to end)' * (job.cancel and not job.ended_ms)}")
    if far := _how_far(job):
        (note if job.error else say)(f"  {far}")
    for step in job.log:
        say(f"  {datetime.fromtimestamp(step.time_ms / 1000, UTC):%Y-%m-%d %H:%M:%S}  {step.text}")
    if job.answer is not None:
        say(json.dumps(job.answer, indent=2, ensure_ascii=False))


def _how_far(job: JobSummary) -> str:
    if job.error:
        return f"{_next_try(job)}{job.error.message}"
    if job.state == "running":
        of = "" if job.total is None else f" of {job.total:,}"
        return " ".join(
            part for part in (f"{job.stage}: {job.done:,}{of}" if job.stage else "starting", job.note) if part
        )
    if job.started_ms and job.ended_ms:
        return f"{(job.ended_ms - job.started_ms) / 1000:,.0f} s"
    return ""


def _next_try(job: JobSummary) -> str:
    if job.next_ms is None:
        return ""
    return f"tried again at {datetime.fromtimestamp(job.next_ms / 1000, UTC):%H:%M:%S} UTC: "


def _field(said: str) -> tuple[str, Any]:
    """field=value; the value is JSON where it can be read so (true, 3, {...}), else text. Raises `RequestInvalid`."""
    name, sign, value = said.partition("=")
    if not (name and sign):
        raise RequestInvalid(
            f"{said!r} stands where a field should.",
            allowed="It is written field=value.",
            next_step="For example: bottega jobs start import_events source=orders.csv kind=purchase.",
        )
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value
