"""`bottega export`: the catalogue for other systems, or what the shop remembers of one shopper."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from bottega.serving.cli.console import bar, guard, note, say
from bottega.serving.cli.options import ShopFolder
from bottega.serving.cli.privacy import export as shopper

__all__ = ["Export", "app", "catalogue"]


class Export(TyperGroup):
    """What is no command of the group is a shopper: `bottega export ana`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the command before a shopper's id."""
        if args and args[0] not in self.commands and args[0] != "--help":
            args = ["shopper", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=Export, help="Hand over the catalogue, or what is remembered of one shopper.", no_args_is_help=True
)
app.command(name="shopper")(shopper)


@app.command()
def catalogue(
    format: Annotated[str, typer.Option("--as", help="google, meta, shopify, woocommerce or bigcommerce.")],
    out: Annotated[Path | None, typer.Option(help="Where to write it; else catalogue-FORMAT in this folder.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as one JSON object.")] = False,
    shop: ShopFolder = Path(),
) -> None:
    """The catalogue as a file that another system takes."""
    from bottega.actions.catalogue.export_catalogue import ExportCatalogueRequest, export_catalogue
    from bottega.shop.open_shop import OpenShop

    with guard(), bar() as progress, OpenShop.open(shop) as opened:
        done = export_catalogue(opened, ExportCatalogueRequest(format=format, out=out), progress=progress)
    if as_json:
        say(done.model_dump_json())
        return
    say(f"{done.products:,} products written to {done.path} as {done.format}.")
    for reason, count in done.left_out.items():
        note(f"{count:,} products are not in it: {reason}.")
    for field, count in done.lost.items():
        note(f"{count:,} products lost something of {field}.")
    say("The format has no place for:")
    for limit in done.limits:
        say(f"  {limit}")
