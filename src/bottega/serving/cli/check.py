"""`bottega check`: what is wrong with a feed, or with the shop as it is."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bottega.serving.cli.console import bar, guard, note, say
from bottega.serving.cli.options import ShopFolder

if TYPE_CHECKING:
    from bottega.actions.check.shapes import CheckReport

__all__ = ["EXIT_ERRORS", "check"]

EXIT_ERRORS = 1
_STYLES = {"error": "red", "warning": "yellow", "hint": "blue"}
_SHOWN = 3
_TASTES_SHOWN, _BOTS_SHOWN = 12, 10


def check(
    source: Annotated[
        Path | None, typer.Argument(help="A feed to check before it is imported; without it, the shop as it is.")
    ] = None,
    format: Annotated[str | None, typer.Option("--as", help="Name of the format; else the file decides.")] = None,
    mapping: Annotated[
        str | None, typer.Option("--map", help="field=column,...: which columns are what; see docs/feeds.md.")
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(help="Of the text, as in windows-1251, where the source does not tell it.")
    ] = None,
    currency: Annotated[
        str | None, typer.Option(help="Currency of prices that name none; else the shop's, or USD.")
    ] = None,
    examples: Annotated[int, typer.Option(min=0, max=10_000, help="CheckFindings listed of each rule.")] = 20,
    pictures: Annotated[int, typer.Option(min=0, help="Picture files looked at; 0 looks at none.")] = 500,
    strict: Annotated[bool, typer.Option(help="Exit with 1 when there are errors.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write the report there as a page.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer of the API as JSON.")] = False,
    shop: ShopFolder = Path(),
) -> None:
    """Say what is wrong with a feed or with the shop, what carries taste, who is a bot, and what works."""
    with guard(), bar() as progress:
        if source is None:
            _refuse_nowhere(shop)
            from bottega.actions.check.check import check as check_shop
            from bottega.actions.check.shapes import CheckRequest
            from bottega.shop.open_shop import OpenShop

            with OpenShop.open(shop) as opened:
                report = check_shop(opened, CheckRequest(examples=examples, pictures=pictures), progress=progress)
        else:
            from bottega.actions.check.check_feed import check_feed
            from bottega.actions.check.shapes import CheckFeedRequest
            from bottega.shop.folder import ShopFolder as Folder

            request = CheckFeedRequest(
                source=source,
                format=format,
                mapping=mapping,
                encoding=encoding,
                currency=currency,
                examples=examples,
                pictures=pictures,
            )
            if _is_there(shop):
                with Folder.open(shop) as folder:
                    report = check_feed(folder, request, progress=progress)
            else:
                report = check_feed(None, request, progress=progress)
        if html is not None:
            _write(html, report)
    if as_json:
        typer.echo(report.model_dump_json(indent=2))
    else:
        _show(report)
    if strict and report.errors:
        raise typer.Exit(EXIT_ERRORS)


def _is_there(shop: Path) -> bool:
    """Whether there is a shop: a check makes none."""
    return any((shop / name).exists() for name in ("shop.db", "bottega.toml")) or "BOTTEGA_DATABASE_URL" in os.environ


def _refuse_nowhere(shop: Path) -> None:
    from bottega.errors import SourceUnreadable

    if not _is_there(shop):
        raise SourceUnreadable(
            f"There is no shop in {shop.absolute()}.",
            allowed="A check looks at a shop (--shop FOLDER) or at a feed (bottega check FILE).",
            next_step="Name one of them.",
        )


def _write(path: Path, report: CheckReport) -> None:
    from bottega.errors import RequestInvalid
    from bottega.serving.pages.check import check_html

    try:
        path.write_text(check_html(report), encoding="utf-8")
    except OSError as error:
        raise RequestInvalid(
            f"{path} cannot be written: {error.strerror}.", next_step="Name another file with --html."
        ) from error
    note(f"Written to {path}.")


def _show(report: CheckReport) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    of = f"read as {report.format}, {report.rejected:,} rows refused" if report.format else f"{report.events:,} events"
    say(f"{report.source}: {report.products:,} products, {of}, in {report.seconds:.1f} s.")
    say(f"{report.errors:,} errors, {report.warnings:,} warnings, {report.hints:,} hints.")
    for text in report.notes:
        say(f"  {text}")
    if report.rules:
        table = Table("", "rule", "times", "what and where", box=None, padding=(0, 2, 0, 0))
        for rule in report.rules:
            lines = [rule.meaning, *(f"  {one.place} {one.field}: {one.seen}" for one in rule.examples[:_SHOWN])]
            if rule.count > _SHOWN:
                lines.append(f"  and {rule.count - min(_SHOWN, len(rule.examples)):,} more")
            lines.append(f"  -> {rule.fix}")
            level = Text(rule.level.value, style=_STYLES[rule.level.value])
            table.add_row(level, Text(rule.rule), f"{rule.count:,}", Text("\n".join(lines)))
        console.print(table)
    if report.bots:
        say(f"Taken for bots: {len(report.bots):,}")
        for bot in report.bots[:_BOTS_SHOWN]:
            say(f"  {bot.shopper}: {bot.seen} ({bot.rule}){', readmitted' if bot.readmitted else ''}")
    if report.tastes:
        table = Table("attribute", "known", "bits a choice", "", box=None, padding=(0, 2, 0, 0))
        for one in report.tastes[:_TASTES_SHOWN]:
            said = "proposed" if one.proposed else f"says what {one.copy_of} says" if one.copy_of else ""
            said = said or ("" if one.sure else "no more than chance")
            table.add_row(Text(one.attribute), f"{one.coverage:.0%}", f"{one.bits:.3f}", said + ", chosen" * one.chosen)
        say("Attributes that carry taste (`bottega tastes choose` takes what is proposed):")
        console.print(table)
    if report.meter is not None:
        say("What works with these data:")
        for stage in report.meter.stages:
            say(f"  {'x' if stage.reached else ' '} from {stage.from_events:,} events: {stage.works}")
        say(f"  {report.meter.stands} {report.meter.next_step}")
