"""`bottega wording learn`: what the shop's own listings tell about titles that do well."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bottega.serving.cli.console import bar, guard, say
from bottega.serving.cli.options import ShopFolder

__all__ = ["app"]

app = typer.Typer(help="How listings are worded.", no_args_is_help=True)


@app.callback()
def _wording() -> None:
    pass


@app.command()
def learn(
    by: Annotated[str, typer.Option(help="Doing well: view, wishlist, add_to_cart or purchase.")] = "view",
    seed: Annotated[int | None, typer.Option(min=0, help="Else the shop's.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    shop: ShopFolder = Path(),
) -> None:
    """Learn which facts, in which order, titles say that did better than their like; say so where nothing tells."""
    from bottega.actions.wording.learn_wording import LearnWordingRequest, learn_wording
    from bottega.shop.open_shop import OpenShop

    with guard(), bar() as progress, OpenShop.open(shop) as opened:
        request = LearnWordingRequest.model_validate({"by": by, "seed": seed})
        found = learn_wording(opened, request, progress=progress)
    if as_json:
        typer.echo(found.model_dump_json())
        return
    say(found.says)
    for one in found.prefers:
        say(f"  {one.weight:+.2f}  {one.form}")
    if found.signal:
        say(f"  Drawn on: {', '.join(found.drawn_on)}")
    else:
        say("  Titles keep the order that comes with Bottega.")
