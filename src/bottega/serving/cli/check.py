"""`bottega check`: what is wrong with a feed, with a file of events, or with the shop as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bottega.serving.cli.console import bar, guard, note, say
from bottega.serving.cli.import_events import Dates, columns_of, pairs_of
from bottega.serving.cli.options import NewShopFolder, is_shop

if TYPE_CHECKING:
    from bottega.actions.check.shapes import CheckReport
    from bottega.shop.folder import ShopFolder as Folder

__all__ = ["EXIT_ERRORS", "check"]

EXIT_ERRORS = 1
_STYLES = {"error": "red", "warning": "yellow", "hint": "blue"}
_SHOWN = 3
_TASTES_SHOWN, _BOTS_SHOWN = 12, 10


def check(
    source: Annotated[
        Path | None, typer.Argument(help="What to check before it is imported; without it, the shop as it is.")
    ] = None,
    events: Annotated[
        bool, typer.Option("--events", help="SOURCE holds events, not a catalogue; see docs/events.md.")
    ] = False,
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
    kind: Annotated[str | None, typer.Option(help="Of events: kind of rows that name none.")] = None,
    kinds: Annotated[str | None, typer.Option(help="Of events: name=kind,...: what their names mean.")] = None,
    product_ids: Annotated[
        str | None, typer.Option(help='Of events: how they write a product\'s id, as in "gla_{id}".')
    ] = None,
    timezone: Annotated[str | None, typer.Option(help="Of events: zone of times that name none; else UTC.")] = None,
    dates: Annotated[
        Dates | None, typer.Option(help="Of events: what comes first in 05/01/2026; else the column decides.")
    ] = None,
    examples: Annotated[int, typer.Option(min=0, max=10_000, help="Findings listed of each rule.")] = 20,
    pictures: Annotated[int, typer.Option(min=0, help="Picture files looked at; 0 looks at none.")] = 500,
    strict: Annotated[bool, typer.Option(help="Exit with 1 when there are errors.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write the report there as a page.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer of the API as JSON.")] = False,
    shop: NewShopFolder = Path(),
) -> None:
    """Say what is wrong with a feed, with events or with the shop, what carries taste, who is a bot, and what works."""
    of_events = {
        "--kind": kind,
        "--kinds": kinds,
        "--product-ids": product_ids,
        "--timezone": timezone,
        "--dates": dates,
    }
    with guard(), bar() as progress:
        _refuse_idle(source, events, {name: value for name, value in of_events.items() if value is not None}, currency)
        if source is not None and events:
            from bottega.actions.check.check_events import check_events
            from bottega.actions.check.shapes import CheckEventsRequest

            asked = CheckEventsRequest(
                source=source,
                format=format,
                encoding=encoding,
                kind=kind,
                kinds=pairs_of(kinds, "--kinds", "addtocart=add_to_cart,transaction=purchase"),
                columns=columns_of(mapping),
                product_ids=product_ids,
                timezone=timezone,
                dates=dates.value if dates else None,
                examples=examples,
            )
            with _beside(shop) as folder:
                report = check_events(folder, asked, progress=progress)
        elif source is None:
            _refuse_nowhere(shop)
            from bottega.actions.check.check import check as check_shop
            from bottega.actions.check.shapes import CheckRequest
            from bottega.shop.open_shop import OpenShop

            with OpenShop.open(shop) as opened:
                report = check_shop(opened, CheckRequest(examples=examples, pictures=pictures), progress=progress)
        else:
            from bottega.actions.check.check_feed import check_feed
            from bottega.actions.check.shapes import CheckFeedRequest

            request = CheckFeedRequest(
                source=source,
                format=format,
                mapping=mapping,
                encoding=encoding,
                currency=currency,
                examples=examples,
                pictures=pictures,
            )
            with _beside(shop) as folder:
                report = check_feed(folder, request, progress=progress)
        if html is not None:
            _write(html, report)
    if as_json:
        typer.echo(report.model_dump_json(indent=2))
    else:
        _show(report)
    if strict and report.errors:
        raise typer.Exit(EXIT_ERRORS)


@contextmanager
def _beside(shop: Path) -> Iterator[Folder | None]:
    """The shop that a file is compared with, where there is one."""
    from bottega.shop.folder import ShopFolder as Opened

    if not is_shop(shop):
        yield None
        return
    with Opened.open(shop) as folder:
        yield folder


def _refuse_idle(source: Path | None, events: bool, of_events: Mapping[str, object], currency: str | None) -> None:
    """Raise `RequestInvalid` for options that would do nothing."""
    from bottega.errors import RequestInvalid

    if events and source is None:
        raise RequestInvalid(
            "--events names no file.",
            allowed="A file of events is checked with bottega check --events FILE; the shop's own with bottega check.",
            next_step="Name the file, or leave --events out.",
        )
    if of_events and not events:
        raise RequestInvalid(
            f"{', '.join(of_events)} is about events, and a catalogue is checked.",
            allowed="Options of events go with --events.",
            next_step="Add --events, or leave them out.",
        )
    if events and currency is not None:
        raise RequestInvalid(
            "--currency is about a catalogue, and events are checked.",
            allowed="Values of events are in the shop's currency (bottega.toml).",
            next_step="Leave it out.",
        )


def _refuse_nowhere(shop: Path) -> None:
    from bottega.errors import SourceUnreadable

    if not is_shop(shop):
        raise SourceUnreadable(
            f"There is no shop in {shop.absolute()}.",
            allowed="A check looks at a shop (--shop FOLDER), at a feed (bottega check FILE) or at events "
            "(bottega check --events FILE).",
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
    sure = "" if report.format_sure is None else f" ({report.format_sure:.0%} sure)"
    read = f"read as {report.format}{sure}, {report.rejected:,} rows refused"
    products, of_events = f"{report.products:,} products", f"{report.events:,} events"
    # Of a feed there are products alone, and of a file of events none.
    parts = [products, of_events] if not report.format else [products if report.coverage else of_events, read]
    say(f"{report.source}: {', '.join(parts)}, in {report.seconds:.1f} s.")
    say(f"{report.errors:,} errors, {report.warnings:,} warnings, {report.hints:,} hints.")
    for text in report.notes:
        say(f"  {text}")
    if report.rules:
        table = Table("", "rule", "times", "what and where", box=None, padding=(0, 2, 0, 0))
        for rule in report.rules:
            lines = [rule.meaning, *(f"  {one.place} {one.field}: {one.seen}" for one in rule.examples[:_SHOWN])]
            if rule.count > _SHOWN:
                lines.append(f"  and {rule.count - min(_SHOWN, len(rule.examples)):,} more")
            fixes = {one.fix for one in rule.examples}
            lines.append(f"  -> {fixes.pop() if len(fixes) == 1 else rule.fix}")
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
