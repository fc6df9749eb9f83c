"""`bottega backup` and `bottega restore`: the whole shop as one file, and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bottega.serving.cli.console import bar, guard, note, say
from bottega.serving.cli.options import ShopFolder

if TYPE_CHECKING:
    from bottega.actions.running.backup import BackupAnswer

__all__ = ["backup", "restore"]

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def backup(
    file: Annotated[Path, typer.Argument(help="A new file, or a folder: it then gets a name of shop and moment.")],
    as_json: AsJson = False,
    shop: ShopFolder = Path(),
) -> None:
    """Write the whole shop into one file while it goes on: rows of one moment, and files."""
    from bottega.actions.running.backup import BackupRequest, back_up
    from bottega.shop.open_shop import OpenShop

    with guard(), bar() as progress, OpenShop.open(shop) as opened:
        done = back_up(opened, BackupRequest(file=file), progress=progress)
    _show(f"The shop {done.shop} as of {done.made_at:%Y-%m-%d %H:%M:%S} UTC is in {done.path}", done, as_json)
    note("It opens the shop and its secrets: keep it where only you can read it, and not on the shop's own disk.")


def restore(
    file: Annotated[Path, typer.Argument(help="As `bottega backup` wrote it.")],
    folder: Annotated[Path, typer.Argument(help="The shop's new folder, absent or empty.")],
    as_json: AsJson = False,
) -> None:
    """Make the shop of a backup, in a new folder and an empty database."""
    from bottega.actions.running.backup import restore as action

    with guard(), bar() as progress:
        done = action(file, folder, progress=progress)
    _show(f"The shop {done.shop} of {done.made_at:%Y-%m-%d %H:%M:%S} UTC is in {done.path}", done, as_json)
    note(f"Its rows are in {done.database}. What waits there to be done, letters among it, is done when it is served.")


def _show(said: str, done: BackupAnswer, as_json: bool) -> None:
    if as_json:
        typer.echo(done.model_dump_json(indent=2))
        return
    rows = ", ".join(f"{done.rows.get(name, 0):,} {name}" for name in ("products", "events", "shoppers"))
    say(f"{said}: {rows}, {done.files:,} files of {done.bytes / 1e6:,.1f} MB.")
