"""`bottega report`: how the shop's week went, and what to do next."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bottega.serving.cli.console import bar, guard, note, say
from bottega.serving.cli.options import ShopFolder

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="The week in one page: what was sold through what, and what to do next.")


@app.command()
def week(
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The seven days before this one, on the shop's clock; else today."),
    ] = None,
    window_days: Annotated[int, typer.Option(help="Days after a click in which a purchase belongs to its list.")] = 7,
    send: Annotated[bool, typer.Option("--send", help="Mail it to the setting report_email.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer of the API as JSON.")] = False,
    shop: ShopFolder = Path(),
) -> None:
    """Make the report of a week: HTML, mail, CSV and Parquet, in the shop's folder reports/."""
    from bottega.actions.reports.files import report_file
    from bottega.actions.reports.shapes import ReportWeekRequest
    from bottega.actions.verbs import verb
    from bottega.shop.open_shop import OpenShop

    with guard(), bar() as progress, OpenShop.open(shop) as opened:
        request = ReportWeekRequest(
            until=until.date() if until else None, window_days=window_days, send="yes" if send else "no"
        )
        made = verb("report_week").run_by(opened, request, progress=progress)
        text = "" if as_json else report_file(opened.folder, made.week, "mail.txt").decode()
        where = opened.folder.told(f"{made.folder}/report.html")
    if as_json:
        typer.echo(made.model_dump_json(indent=2))
        return
    say(text.rstrip())
    for address in made.sent_to:
        note(f"Mailed to {address}.")
    note(f"Written to {where}, with {', '.join(name for name in made.files if name != 'report.html')} beside it.")
