"""`bottega tag`: what photos show, and what the whole catalogue lacks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bottega.serving.cli.console import EXIT_NOTHING_DONE, bar, guard, note, say
from bottega.serving.cli.options import ShopFolder

if TYPE_CHECKING:
    from bottega.actions.vision.shapes import CatalogueTags, PhotoAnswer

__all__ = ["tag"]

_DOUBTS_SHOWN = 20


def tag(
    photos: Annotated[list[Path] | None, typer.Argument(help="Photo files.", show_default=False)] = None,
    catalogue: Annotated[
        bool, typer.Option("--catalogue", help="Suggest values for empty attributes of every product with a photo.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as one JSON object.")] = False,
    shop: ShopFolder = Path(),
) -> None:
    """Say what photos show, or go over the catalogue: suggestions for what is empty, doubts about what is there."""
    from bottega.actions.verbs import verb
    from bottega.actions.vision.shapes import TagCatalogueRequest, TagRequest
    from bottega.actions.vision.tag import tag_photos
    from bottega.errors import RequestInvalid
    from bottega.shop.open_shop import OpenShop
    from bottega.shop.pictures.uploads import read_uploads

    with guard(), bar() as progress, OpenShop.open(shop) as opened:
        if catalogue == bool(photos):
            raise RequestInvalid(
                "Photos were named beside --catalogue." if photos else "No photo was named.",
                allowed="It takes photo files, or --catalogue for the products of the shop.",
                next_step="Give one of them.",
            )
        if catalogue:
            report = verb("tag_catalogue").run_by(opened, TagCatalogueRequest(), progress=progress)
        else:
            uploads = read_uploads(photos or [], as_typed=True)
            answer = tag_photos(opened, TagRequest(photos=uploads), progress=progress)
    if catalogue:
        say(json.dumps(report.model_dump(mode="json"), ensure_ascii=False)) if as_json else _show_catalogue(report)
        if not report.looked:
            raise typer.Exit(EXIT_NOTHING_DONE)
        return
    if as_json:
        typer.echo(answer.model_dump_json(indent=2))
    else:
        for photo in answer.photos:
            _show_photo(photo)
        say(f"Eye {answer.eye}, {answer.took_ms:,.0f} ms.")
    if any(photo.refused for photo in answer.photos):
        raise typer.Exit(EXIT_NOTHING_DONE)


def _show_photo(photo: PhotoAnswer) -> None:
    from rich.console import Console
    from rich.table import Table

    say(photo.photo)
    if photo.refused:
        note(f"  {photo.refused}")
        return
    if photo.same_picture_as:
        note(f"  The catalogue has this picture: {', '.join(photo.same_picture_as)}.")
    if photo.why_not:
        note(f"  {photo.why_not}")
        return
    table = Table(box=None, highlight=False, show_header=False, pad_edge=True)
    for tag in photo.tags:
        others = ", ".join(f"{other.value} {other.confidence:.0%}" for other in tag.others)
        table.add_row(f"  {tag.head}", tag.value, f"{tag.confidence:.0%}", others)
    for unknown in photo.unknown:
        table.add_row(f"  {unknown.head}", "?", "", unknown.why)
    colours = ", ".join(f"{colour.name} {colour.rgb} {colour.share:.0%}" for colour in photo.colours)
    words = ", ".join(f"{word.value} {word.confidence:.0%}" for word in photo.words)
    table.add_row("  colours", colours, "", "measured")
    table.add_row("  words", words, "", "likely searches")
    Console(highlight=False, markup=False).print(table)


def _show_catalogue(report: CatalogueTags) -> None:
    from rich.console import Console
    from rich.table import Table

    say(
        f"Looked at the photos of {report.looked:,} of {report.products:,} products in {report.seconds:.1f} s "
        f"(eye {report.version}): {report.without_photo:,} have no photo here, {len(report.unreadable):,} one that "
        f"cannot be read, {report.no_product:,} one that shows no product."
    )
    for name, why in list(report.unreadable.items())[:_DOUBTS_SHOWN]:
        note(f"  {name}: {why}")
    for attribute, empty in report.empty.items():
        say(f"  {attribute}: {empty:,} empty, a value known for {report.filled.get(attribute, 0):,}")
    say(
        f"{report.added:,} suggestions are new, {report.withdrawn:,} hold no longer; {report.open:,} wait: "
        "`bottega suggestions list`."
    )
    if report.doubts:
        table = Table(box=None, highlight=False)
        for column in ("product", "title", "attribute", "says", "the eye says", "sure"):
            table.add_column(column)
        for doubt in report.doubts[:_DOUBTS_SHOWN]:
            cells = (doubt.product_id, doubt.title, doubt.attribute, doubt.present, doubt.proposed)
            table.add_row(*cells, f"{doubt.confidence:.0%}")
        say(f"{len(report.doubts):,} labels are doubted, the worst first:")
        Console(highlight=False, markup=False).print(table)
    say(f"All of them: {report.doubts_file}")
