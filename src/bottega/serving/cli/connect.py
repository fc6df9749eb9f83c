"""`bottega connect`: fetch what changed on a shop platform, or tell it what was accepted here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bottega.serving.cli.console import EXIT_NOTHING_DONE, bar, guard, note, say
from bottega.serving.cli.options import NewShopFolder

if TYPE_CHECKING:
    from bottega.actions.connect.shapes import Pulled

__all__ = ["connect"]


def connect(
    platform: Annotated[str, typer.Argument(help="shopify, woocommerce or bigcommerce.")],
    address: Annotated[
        str | None, typer.Argument(help="The shop's address there; needed the first time, then kept.")
    ] = None,
    only: Annotated[str | None, typer.Option(help="products or orders: fetch these alone.")] = None,
    again: Annotated[
        bool,
        typer.Option("--again", help="Fetch everything anew; products that are gone there are discontinued here."),
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="With --again: also where much of the catalogue has vanished there.")
    ] = False,
    push: Annotated[
        bool, typer.Option("--push", help="Tell the platform what was accepted here, in place of fetching.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
    shop: NewShopFolder = Path(),
) -> None:
    """Fetch what changed on a shop platform since the last time; the first time, everything."""
    from bottega.actions.connect.shapes import ConnectRequest
    from bottega.actions.verbs import verb
    from bottega.shop.open_shop import OpenShop

    with guard(), bar() as progress, OpenShop.open(shop) as opened:
        given = {"platform": platform, "address": address, "only": only, "again": again, "force": force, "push": push}
        answer = verb("connect").run_by(opened, ConnectRequest.model_validate(given), progress=progress)
    if as_json:
        typer.echo(answer.model_dump_json(indent=2))
    else:
        _show("products", answer.products)
        _show("orders", answer.orders)
        if answer.pushed is not None:
            say(f"{answer.pushed.values:,} accepted values told, {len(answer.pushed.refused):,} refused.")
            for words in answer.pushed.refused:
                note(words)
        waited = f", {answer.waited_s:g} s waited on its word" if answer.waited_s else ""
        say(f"{answer.platform} at {answer.address}: {answer.calls:,} calls in {answer.seconds:.1f} s{waited}.")
    if answer.pushed is not None and answer.pushed.refused:
        raise typer.Exit(EXIT_NOTHING_DONE)


def _show(what: str, pulled: Pulled | None) -> None:
    if pulled is None:
        return
    things = "products and variants" if what == "products" else "events"
    say(
        f"{pulled.rows:,} {what} in {pulled.pages:,} pages: {pulled.added:,} {things} added, {pulled.updated:,} "
        f"updated, {pulled.unchanged:,} unchanged, {pulled.rejected.total():,} rows rejected."
    )
    if pulled.held:
        note(pulled.held)
    for count, text in (
        (pulled.discontinued, "products and variants discontinued"),
        (pulled.ignored, "set aside, as unpaid"),
    ):
        if count:
            say(f"  {count:,} {text}")
    for rule, count in pulled.rejected.most_common():
        say(f"  {rule}: {count:,}")
