"""`bottega downgrade`: take a shop back to what an older Bottega opens."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bottega.serving.cli.console import EXIT_NOTHING_DONE, guard, note, say
from bottega.serving.cli.options import ShopFolder

__all__ = ["downgrade"]


def downgrade(
    version: Annotated[str, typer.Argument(help="The Bottega that is to open the shop, as in 0.3.0.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without, it only says what would be lost.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    shop: ShopFolder = Path(),
) -> None:
    """Take the shop's tables back to those of an older Bottega, and say first what these cannot hold."""
    from bottega.actions.running.downgrade import take_back

    with guard():
        answer = take_back(shop, version, sure=yes)
    if as_json:
        typer.echo(answer.model_dump_json(indent=2))
    else:
        say(f"{'Lost' if answer.done else 'Lost would be'}, as Bottega {answer.version} has no place for it:")
        for one in answer.lost:
            say(f"  {one.rows:,} in {one.table}: {one.what}")
        if not answer.lost:
            say("  nothing")
    if answer.done:
        note(f"Bottega {answer.version} opens the shop now; this one would bring it to its own tables again.")
        return
    note("Nothing has changed. Take a backup (bottega backup FILE), stop the server, and say --yes.")
    raise typer.Exit(EXIT_NOTHING_DONE)
