"""`bottega import`: catalogue and events come in. This file holds the group and `import catalogue`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bottega.serving.cli.console import EXIT_NOTHING_DONE, bar, guard
from bottega.serving.cli.import_report import show_catalogue, show_proposal
from bottega.serving.cli.options import NewShopFolder

__all__ = ["app", "catalogue"]

app = typer.Typer(help="Bring a catalogue, events, shoppers or synonyms into the shop.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Bring a catalogue, events, shoppers or synonyms into the shop."""


@app.command()
def catalogue(
    source: Annotated[
        str, typer.Argument(help="The feed: a file, a folder or zip that holds one data file, or an http(s) address.")
    ],
    format: Annotated[str | None, typer.Option("--as", help="Name of the format; else the file decides.")] = None,
    mapping: Annotated[
        str | None, typer.Option("--map", help="field=column,...: which columns are what; see docs/feeds.md.")
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(help="Encoding of the text, as in windows-1251; else the source decides.")
    ] = None,
    currency: Annotated[
        str | None, typer.Option(help="Currency of prices that name none, as in EUR; else the shop's.")
    ] = None,
    sync: Annotated[bool, typer.Option(help="Discontinue products that the feed no longer has.")] = False,
    force: Annotated[bool, typer.Option(help="Sync even when much of the catalogue has vanished.")] = False,
    propose: Annotated[
        bool, typer.Option("--propose-map", help="Import nothing; say which column would be which field, and why.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as one JSON object.")] = False,
    shop: NewShopFolder = Path(),
) -> None:
    """Import products from a feed; importing it again updates them."""
    from bottega.actions.intake.propose_mapping import propose_mapping
    from bottega.actions.intake.shapes import ImportCatalogueRequest, ProposeMappingRequest
    from bottega.actions.verbs import verb
    from bottega.shop.open_shop import OpenShop

    if propose:
        with guard(), OpenShop.open(shop) as opened:
            proposal = propose_mapping(
                opened, ProposeMappingRequest(source=source, format=format, mapping=mapping, encoding=encoding)
            )
        show_proposal(proposal, as_json=as_json)
        return

    with guard(), bar() as progress, OpenShop.open(shop) as opened:
        request = ImportCatalogueRequest(
            source=source,
            format=format,
            mapping=mapping,
            encoding=encoding,
            currency=currency,
            sync=sync,
            force=force,
        )
        report = verb("import_catalogue").run_by(opened, request, progress=progress)
    show_catalogue(report, as_json=as_json)
    if report.held or (report.read == report.rejected and not report.source_unchanged):
        raise typer.Exit(EXIT_NOTHING_DONE)
