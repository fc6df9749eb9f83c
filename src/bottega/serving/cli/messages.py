"""`bottega messages`: letters to shoppers, looked at, sent, counted."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bottega.serving.cli.console import EXIT_NOTHING_DONE, bar, guard, note, say
from bottega.serving.cli.options import ShopFolder

if TYPE_CHECKING:
    from datetime import tzinfo

    from bottega.actions.messages.shapes import LettersRun

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Letters to shoppers who agreed to them.")
Json = Annotated[bool, typer.Option("--json", help="Print the answer of the API as JSON.")]


@app.command()
def preview(
    shopper: Annotated[str, typer.Argument(help="Shopper id, anonymous id or session id.", show_default=False)],
    kind: Annotated[str, typer.Option(help="cart, back, price, again, next or welcome.")] = "cart",
    as_json: Json = False,
    shop: ShopFolder = Path(),
) -> None:
    """Show the letter of one kind that a shopper would get; nothing is sent."""
    from bottega.actions.messages.preview import preview_message
    from bottega.actions.messages.shapes import PreviewRequest
    from bottega.shop.open_shop import OpenShop

    with guard(), OpenShop.open(shop) as opened:
        answer = preview_message(opened, PreviewRequest.model_validate({"shopper": shopper, "kind": kind}))
    if as_json:
        typer.echo(answer.model_dump_json(indent=2))
    elif answer.letter is not None:
        say(f"Subject: {answer.letter.subject}")
        say("")
        say(answer.letter.text.rstrip())
        note("It would go out now." if answer.due else f"It would not go out now: {answer.why_not}.")
    if answer.letter is None:
        note(f"There is nothing to write to {answer.shopper} about ({answer.kind}).")
        raise typer.Exit(EXIT_NOTHING_DONE)


@app.command()
def send(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say who would be written to, and send nothing.")] = False,
    segments: Annotated[
        list[str] | None, typer.Option(help="Only to shoppers of this segment; again for each.", show_default=False)
    ] = None,
    kind: Annotated[
        str | None, typer.Option(help="This kind alone, though its time has not come.", show_default=False)
    ] = None,
    as_json: Json = False,
    shop: ShopFolder = Path(),
) -> None:
    """Write to everybody who agreed and is due a letter now."""
    from bottega.actions.messages.shapes import SendRequest
    from bottega.actions.verbs import verb
    from bottega.shop.open_shop import OpenShop

    asked = {"dry_run": dry_run, "segments": segments or [], "kind": kind}
    with guard(), bar() as progress, OpenShop.open(shop) as opened:
        answer = verb("send_messages").run_by(opened, SendRequest.model_validate(asked), progress=progress)
    if as_json:
        typer.echo(answer.model_dump_json(indent=2))
    else:
        for one in answer.letters:
            say(f"{one.result}  {one.kind}  {one.shopper}: {one.subject}{f' ({one.error})' if one.error else ''}")
        for reason, count in answer.held_back.items():
            note(f"Not written to, {reason}: {count:,}")
        say(f"{answer.sent:,} letters {'would be sent' if dry_run else 'sent'}; {answer.shoppers:,} shoppers agreed.")
    if answer.failed:
        raise typer.Exit(1)


@app.command()
def schedule(
    when: Annotated[str, typer.Argument(metavar="WHEN", help='Every 15m, 30m, 1h ... 12h, at "09:00, 17:30", or off.')],
    shop: ShopFolder = Path(),
) -> None:
    """Let a running server or worker send letters by itself, from now on."""
    from bottega.actions.jobs.schedule import set_schedule
    from bottega.actions.messages.ways import check_way
    from bottega.events.times import now_ms
    from bottega.shop.open_shop import OpenShop
    from bottega.shop.schedules import LETTERS, OFF

    with guard(), OpenShop.open(shop) as opened:
        if when != OFF:
            check_way(opened.settings, opened.secrets)
        next_ms = set_schedule(opened.folder, when, now_ms(), of=LETTERS)
        zone = opened.settings.zone
    if next_ms is None:
        say("Nobody sends letters by themselves any more.")
    else:
        say(f"Letters are sent {_often(when)} ({zone}) by a running server or worker, first at {_at(next_ms, zone)}.")


@app.command()
def report(
    days: Annotated[int, typer.Option(help="Of the last so many days.", min=1)] = 30,
    as_json: Json = False,
    shop: ShopFolder = Path(),
) -> None:
    """Say when letters are sent, what the last run did, and what letters led to: opened by a link, and bought."""
    from bottega.actions.messages.report import letters_sent
    from bottega.actions.messages.shapes import LettersRequest
    from bottega.shop.open_shop import OpenShop

    with guard(), OpenShop.open(shop) as opened:
        answer = letters_sent(opened, LettersRequest(days=days))
        zone = opened.settings.zone
    if as_json:
        typer.echo(answer.model_dump_json(indent=2))
        return
    if answer.next_run_ms is None:
        note("Letters are not sent by themselves; `bottega messages schedule 1h` lets a server do so.")
    else:
        say(f"Sent {_often(answer.schedule)} ({zone}); next at {_at(answer.next_run_ms, zone)}.")
    if answer.last_run is not None:
        _say_run(answer.last_run, zone)
    if not answer.kinds:
        note(f"No letter was sent in the last {days} days.")
    for one in answer.kinds:
        led_to = f"{one.clicked:,} led to something, {one.purchased:,} to {one.purchases:,} purchases"
        say(f"{one.kind}: {one.sent:,} sent, {led_to}")


def _say_run(run: LettersRun, zone: tzinfo) -> None:
    of = f" of {run.total:,}" if run.total else ""
    far = f", {run.stage} {run.done:,}{of}" if run.stage and run.ended_ms is None else ""
    came = f": {run.sent:,} sent, {run.failed:,} failed" if run.sent is not None else ""
    why = f": {run.error}" if run.error else ""
    say(f"Last run (job {run.number}) at {_at(run.started_ms, zone)}: {run.state}{far}{came}{why}")
    for reason, count in run.held_back.items():
        note(f"Not written to, {reason}: {count:,}")
    for failure in run.failures:
        note(f"Not taken: {failure}")


def _often(when: str) -> str:
    return f"every {when}" if when[-1] in "mh" else f"every day at {when}"


def _at(time_ms: int, zone: tzinfo) -> str:
    return f"{datetime.fromtimestamp(time_ms / 1000, UTC).astimezone(zone):%Y-%m-%d %H:%M}"
