"""`bottega shops`: several shops in one folder, served by one server."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bottega.serving.cli.console import EXIT_NOTHING_DONE, bar, guard, note, say

__all__ = ["app"]

app = typer.Typer(help="Several shops in one folder: list, new, remove, export, restore.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="The shop's name, which is that of its folder.")]
Json = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]
Folder = Annotated[
    Path, typer.Option("--shops", envvar="BOTTEGA_SHOPS", help="The shops folder; where you stand, if not given.")
]


@app.command("list")
def list_(as_json: Json = False, shops: Folder = Path()) -> None:
    """Show the shops of the folder, with what they hold and where they are reached."""
    from bottega.actions.shops.shops import list_shops
    from bottega.shop.shops_folder import ShopsFolder

    with guard():
        answer = list_shops(ShopsFolder.open(shops))
    if as_json:
        typer.echo(answer.model_dump_json(indent=2))
        return
    for one in answer.shops:
        if one.fault:
            say(f"{one.name}  cannot be opened")
            note(one.fault)
            continue
        held = f"{one.products:,} products, {one.events:,} events, {one.keys:,} keys"
        say(f"{one.name}  {held}, {one.database}, {one.address}")
    for name in answer.left_out:
        note(f"{name} is left out: a shop's name is letters of English, digits, - and _, 40 at most.")
    if not answer.shops:
        note("There is no shop here yet; `bottega shops new NAME` makes one.")


@app.command()
def new(
    name: Name,
    currency: Annotated[str, typer.Option(help="Currency of prices that name none, as in EUR.")] = "",
    as_json: Json = False,
    shops: Folder = Path(),
) -> None:
    """Make a shop and show its first key, this once; a server that runs takes it up by itself."""
    from bottega.actions.shops.shops import new_shop
    from bottega.shop.shops_folder import ShopsFolder

    with guard():
        answer = new_shop(ShopsFolder.open(shops, make=True), name, currency=currency)
    if as_json:
        typer.echo(answer.model_dump_json(indent=2))
        return
    say(f"The shop {answer.name} is in {answer.folder}; it is reached by its key, or at {answer.address}.")
    say(f"API key of this shop, shown only now; send it as X-API-Key: {answer.key}")


@app.command()
def remove(
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
    as_json: Json = False,
    shops: Folder = Path(),
) -> None:
    """Delete a shop with all that it holds; it cannot be taken back."""
    from bottega.actions.shops.shops import remove_shop
    from bottega.shop.shops_folder import ShopsFolder

    with guard():
        opened = ShopsFolder.open(shops)
        folder = opened.folder(name)
        if (
            not yes
            and typer.prompt(f"Everything in {folder} is deleted, its rows too. Type its name", err=True) != name
        ):
            note("Another name was typed: nothing is deleted.")
            raise typer.Exit(EXIT_NOTHING_DONE)
        answer = remove_shop(opened, name)
    if as_json:
        typer.echo(answer.model_dump_json(indent=2))
        return
    say(f"The shop {answer.name} is gone, with {answer.products:,} products and {answer.events:,} events.")


@app.command()
def export(
    name: Name,
    file: Annotated[Path, typer.Argument(help="A new file, or a folder: it then gets a name of shop and moment.")],
    shops: Folder = Path(),
) -> None:
    """Write a whole shop into one file while it goes on, as `bottega backup` does."""
    from bottega.actions.shops.moves import export_shop
    from bottega.shop.shops_folder import ShopsFolder

    with guard(), bar() as progress:
        path = export_shop(ShopsFolder.open(shops), name, file, progress=progress)
    say(f"The shop {name} is in {path}")
    note("It opens the shop and its secrets: keep it where only you can read it.")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="As `bottega shops export` or `bottega backup` wrote it.")],
    name: Name,
    as_json: Json = False,
    shops: Folder = Path(),
) -> None:
    """Make the shop of a backup, under a name that no shop here has."""
    from bottega.actions.shops.moves import restore_shop
    from bottega.shop.shops_folder import ShopsFolder

    with guard(), bar() as progress:
        answer = restore_shop(ShopsFolder.open(shops, make=True), file, name, progress=progress)
    if as_json:
        typer.echo(answer.model_dump_json(indent=2))
        return
    rows = ", ".join(f"{answer.rows.get(kind, 0):,} {kind}" for kind in ("products", "events", "shoppers"))
    say(f"The shop {answer.name} is in {answer.folder}: {rows}.")
    if answer.keys_left_out:
        note(f"{answer.keys_left_out:,} keys open another shop here already, and not this one; make new ones.")
    if answer.settings_left_out:
        note(f"Left out, as they are the server's: {', '.join(answer.settings_left_out)}. shops.toml may hold them.")
