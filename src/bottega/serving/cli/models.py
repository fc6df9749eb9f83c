"""`bottega models`: the models in use and those before them, why, how old they are and what they were held to."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bottega.serving.cli.console import EXIT_NOTHING_DONE, bar, guard, say
from bottega.serving.cli.options import Device, ShopFolder

if TYPE_CHECKING:
    from bottega.shop.trained.judgements import DriftInfo

__all__ = ["app"]

app = typer.Typer(
    help="List the models in use, the shop's own and the shipped, and the trainings before them; roll one back.",
    invoke_without_command=True,
)
Json = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]


class Learnt(StrEnum):
    """What may be rolled back."""

    RECOMMEND = "recommend"
    VISION = "vision"
    OUTFITS = "outfits"
    WORDING = "wording"


@app.callback()
def models(context: typer.Context, as_json: Json = False, shop: ShopFolder = Path()) -> None:
    """List the models in use, the shop's own and the shipped, and the trainings before them; with their bars."""
    if context.invoked_subcommand is None:
        list_(as_json=as_json, shop=shop)


@app.command("list")
def list_(as_json: Json = False, shop: ShopFolder = Path()) -> None:
    """The same as `bottega models` alone."""
    from rich.console import Console
    from rich.table import Table

    from bottega.actions.running.models import ModelsRequest, list_models
    from bottega.shop.open_shop import OpenShop

    with guard(), OpenShop.open(shop) as opened:
        answer = list_models(opened, ModelsRequest())
    if as_json:
        typer.echo(answer.model_dump_json(indent=2))
        return
    table = Table(box=None, highlight=False)
    for column in ("ability", "model", "version", "whose", "in use", "age", "MB", "bars"):
        table.add_column(column, justify="right" if column == "MB" else "left", overflow="fold")
    for one in answer.models:
        age = "" if one.age_days is None else f"{one.age_days:,.1f} days"
        bars = "; ".join(
            f"{bar.measure} {bar.value:.3g} {'met' if bar.met else 'missed'} ({bar.aim:g})" for bar in one.bars
        )
        used = "yes" if one.in_use else ""
        table.add_row(one.ability, one.name, one.version, one.origin, used, age, f"{one.size_mb:,.1f}", bars)
    Console(highlight=False, markup=False).print(table)
    for one in answer.models:
        if one.origin == "own" and (one.in_use or one.rolled_back):
            say(f"{one.ability} {one.version}: {one.why}.")
    say(f"Trained by schedule: {answer.train_schedule}.")
    if answer.judgement is not None:
        say(
            f"Newest challenger ({answer.judgement.name}, {_moment(answer.judgement.time_ms)}): {answer.judgement.why}."
        )
    if answer.drift is not None:
        _show_drift(answer.drift)


def _show_drift(drift: DriftInfo) -> None:
    from rich.console import Console
    from rich.table import Table

    say(f"Drift since the training ({_moment(drift.time_ms)}, {drift.new_events:,} new events):")
    table = Table(box=None, highlight=False)
    for column in ("", "before", "now", "index", "alarm"):
        table.add_column(column, justify="left" if column in ("", "alarm") else "right")
    for one in drift.inputs:
        shares = ["" if share is None else f"{share:.3f}" for share in (one.before, one.now, one.psi)]
        table.add_row(one.input.replace("_", " "), *shares, "yes" if one.alarm else "no")
    Console(highlight=False, markup=False).print(table)


def _moment(time_ms: int) -> str:
    return f"{datetime.fromtimestamp(time_ms / 1000, UTC):%Y-%m-%d %H:%M} UTC"


@app.command()
def challenge(
    model: Annotated[str | None, typer.Option(help="Which recommender; that of the model in use where absent.")] = None,
    seed: Annotated[
        int | None, typer.Option(help="Seed of everything random; the setting `seed` where absent.")
    ] = None,
    device: Device = "auto",
    as_json: Json = False,
    shop: ShopFolder = Path(),
) -> None:
    """Do now what a schedule does: train a challenger, judge it, serve it if it is not worse than the model in use."""
    from bottega.actions.recommend.shapes import ChallengeRequest
    from bottega.actions.verbs import verb
    from bottega.log import log_as_json
    from bottega.shop.open_shop import OpenShop

    log_as_json(least="warning")
    with guard(), bar() as progress, OpenShop.open(shop) as opened:
        request = ChallengeRequest(model=model, seed=seed, device=device)
        answer = verb("challenge").run_by(opened, request, progress=progress)
    if as_json:
        typer.echo(answer.model_dump_json(indent=2))
    else:
        say(answer.why[:1].upper() + answer.why[1:] + ".")
    if not answer.served:
        raise typer.Exit(EXIT_NOTHING_DONE)


@app.command()
def rollback(
    room: Annotated[Learnt, typer.Argument(help="recommend, vision, outfits or wording.")] = Learnt.RECOMMEND,
    as_json: Json = False,
    shop: ShopFolder = Path(),
) -> None:
    """Take the newest training out of use: the one before answers from the next refresh on."""
    from bottega.actions.running.rollback import RollBackRequest
    from bottega.actions.verbs import verb
    from bottega.shop.open_shop import OpenShop

    with guard(), OpenShop.open(shop) as opened:
        answer = verb("roll_back").run_by(opened, RollBackRequest(room=room.value))
    if as_json:
        typer.echo(answer.model_dump_json(indent=2))
        return
    now = "the one that comes with Bottega" if answer.in_use is None else f"{answer.name}, version {answer.in_use}"
    say(f"Version {answer.rolled_back} of {answer.room} is out of use, {now}, answers from the next refresh on.")
