"""`bottega wording`: what the shop's own listings tell about wording that does well, and its own frames."""

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
    from bottega.actions.verbs import verb
    from bottega.actions.wording.learn_wording import LearnWordingRequest
    from bottega.shop.open_shop import OpenShop

    with guard(), bar() as progress, OpenShop.open(shop) as opened:
        request = LearnWordingRequest.model_validate({"by": by, "seed": seed})
        found = verb("learn_wording").run_by(opened, request, progress=progress)
    if as_json:
        typer.echo(found.model_dump_json())
        return
    say(found.says)
    for one in found.prefers:
        say(f"  {one.weight:+.2f}  {one.form}")
    told = "like listings" if found.frames_from == "pairs" else "their category, for want of pairs"
    say(f"{found.frames:,} frames mined from {found.frames_read:,} descriptions that did better than {told}.")
    for why, count in found.frames_refused.items():
        say(f"  {count:,} patterns: {why}")
    if found.signal:
        say(f"  Drawn on: {', '.join(found.drawn_on)}")
    else:
        say("  Titles keep the order that comes with Bottega.")


@app.command()
def frames(
    off: Annotated[bool | None, typer.Option("--off/--on", help="Those switched off alone, or those in use.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    shop: ShopFolder = Path(),
) -> None:
    """The shop's own ways of saying it, mined from listings that did better: each with the listings it is from."""
    from bottega.actions.wording.learnt_frames import list_frames
    from bottega.actions.wording.shapes import LearntFramesQuery
    from bottega.shop.open_shop import OpenShop

    with guard(), OpenShop.open(shop) as opened:
        found = list_frames(opened, LearntFramesQuery(off=off))
    if as_json:
        typer.echo(found.model_dump_json())
        return
    if not found.frames:
        say("The shop has no frames of its own; `bottega wording learn` looks for some.")
    for one in found.frames:
        say(f"{one.id}  {'off' if one.off else 'in use'}  {', '.join(one.roles)}  {one.pattern}")
        say(f"  {one.support} listings of {one.groups} things, as {', '.join(one.listings[:5])}: {one.example}")
