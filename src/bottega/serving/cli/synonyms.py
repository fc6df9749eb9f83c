"""`bottega synonyms put` and `bottega import synonyms`: what words mean in this shop."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bottega.serving.cli.console import EXIT_NOTHING_DONE, bar, guard, say
from bottega.serving.cli.import_ import app as import_app
from bottega.serving.cli.options import ShopFolder

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="What the merchant says that words mean.")
Json = Annotated[bool, typer.Option("--json", help="Print the answer of the API as JSON.")]


@app.command()
def put(
    entries: Annotated[
        list[str],
        typer.Argument(metavar="ENTRIES", help='"sofa, couch" for both ways, "trainers => sneakers" for one.'),
    ],
    as_json: Json = False,
    shop: ShopFolder = Path(),
) -> None:
    """Say what words mean. The next search heeds it."""
    from bottega.actions.search.synonym_shapes import PutSynonymsRequest
    from bottega.actions.verbs import verb
    from bottega.errors import RequestInvalid
    from bottega.languages.synonyms import LineUnreadable, lines_of
    from bottega.shop.open_shop import OpenShop

    with guard(), OpenShop.open(shop) as opened:
        said = []
        for entry in entries:
            for _, found in lines_of(entry):
                if isinstance(found, LineUnreadable):
                    raise RequestInvalid(
                        f"{entry!r} says no synonyms: {found}.",
                        allowed='"sofa, couch" for both ways, "trainers => sneakers" for one.',
                        next_step="Correct it and try again.",
                    )
                said.append({"words": found.words, "means": found.means})
        answer = verb("put_synonyms").run_by(opened, PutSynonymsRequest.model_validate({"synonyms": said}))
    if as_json:
        typer.echo(answer.model_dump_json(indent=2))
    else:
        say(f"{answer.added} added, {answer.updated} changed; the shop has {answer.total}.")


@import_app.command()
def synonyms(
    source: Annotated[
        str,
        typer.Argument(help="JSON lines, a table or plain lines: a file, or an http(s) address.", show_default=False),
    ],
    encoding: Annotated[
        str | None, typer.Option(help="Encoding of the text, as in windows-1251; else the source decides.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as one JSON object.")] = False,
    shop: ShopFolder = Path(),
) -> None:
    """Import what words mean; importing it again changes nothing."""
    from bottega.actions.intake.import_synonyms import ImportSynonymsRequest
    from bottega.actions.verbs import verb
    from bottega.serving.cli.import_report import show_synonyms
    from bottega.shop.open_shop import OpenShop

    with guard(), bar() as progress, OpenShop.open(shop) as opened:
        report = verb("import_synonyms").run_by(
            opened, ImportSynonymsRequest(source=source, encoding=encoding), progress=progress
        )
    show_synonyms(report, as_json=as_json)
    if report.read == report.rejected and not report.source_unchanged:
        raise typer.Exit(EXIT_NOTHING_DONE)
