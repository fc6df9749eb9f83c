"""`bottega export` and `bottega forget`: what the shop remembers of one shopper, to hand over or to delete."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from bottega.serving.cli.console import guard, note, say
from bottega.serving.cli.options import ShopFolder

__all__ = ["export", "forget"]

_TABLES = {"closet_items": "items of a closet", "aliases": "ids", "tastes": "declared tastes"}
"""Tables whose names say little."""
Shopper = Annotated[str, typer.Argument(help="Shopper id, anonymous id or session id.")]


def export(
    shopper: Shopper,
    out: Annotated[Path | None, typer.Option(help="Write the JSON there instead of printing it.")] = None,
    shop: ShopFolder = Path(),
) -> None:
    """Everything the shop remembers of one shopper, as JSON."""
    from bottega.actions.shoppers.export_shopper import export_shopper
    from bottega.actions.shoppers.shapes import ShopperRequest
    from bottega.shop.open_shop import OpenShop

    with guard(), OpenShop.open(shop) as opened:
        found = export_shopper(opened, ShopperRequest(shopper=shopper))
        text = json.dumps(found.model_dump(mode="json"), ensure_ascii=False, indent=2)
    if out is None:
        typer.echo(text)
        return
    out.write_text(text + "\n", encoding="utf-8")
    note(f"Written to {out}.")


def forget(
    shopper: Shopper,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
    shop: ShopFolder = Path(),
) -> None:
    """Delete everything the shop remembers of one shopper."""
    from bottega.actions.shoppers.shapes import ShopperRequest
    from bottega.actions.verbs import verb
    from bottega.shop.open_shop import OpenShop

    if not yes:
        typer.confirm(f"Delete everything about {shopper!r}? It cannot be undone.", abort=True)
    with guard(), OpenShop.open(shop) as opened:
        done = verb("forget").run_by(opened, ShopperRequest(shopper=shopper))
    told = [f"{count:,} {_TABLES.get(table, table)}" for table, count in done.rows.items() if count]
    told += [f"{done.names} other names"] * bool(done.names)
    told += [f"{done.rejected_rows} rejected rows"] * bool(done.rejected_rows)
    say(f"Forgot {done.shopper}: {', '.join(told) or 'there was nothing but the name'}.")
    if done.model:
        note(f"Model {done.model} learnt from these events, without ids; `bottega train` makes one that did not.")
