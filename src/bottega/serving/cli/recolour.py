"""`bottega recolour`: products in another colour, each written beside the photo that came, which stays as it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bottega.serving.cli.console import EXIT_NOTHING_DONE, bar, guard, note, say
from bottega.serving.cli.pictures import photos_told, shop_if_any, write_beside

if TYPE_CHECKING:
    from bottega.actions.studio.recolour.shapes import RecolouredPhoto

__all__ = ["recolour"]


def recolour(
    photos: Annotated[list[Path] | None, typer.Argument(help="Photo files.", show_default=False)] = None,
    to: Annotated[str, typer.Option(help="A colour: navy, weinrot, #1f2a44, or lab(30, 5, -20).")] = "",
    like: Annotated[str | None, typer.Option(help="Id of a product of the shop that has the colour.")] = None,
    part: Annotated[str | None, typer.Option(help="Which garment of several, as in upper.")] = None,
    missing: Annotated[
        bool, typer.Option("--missing", help="Suggest photos for the shop's variants whose colour no photo shows.")
    ] = False,
    side_by_side: Annotated[bool, typer.Option("--side-by-side", help="Write before and after, too.")] = False,
    out: Annotated[
        Path | None, typer.Option(help="Folder for what is written; beside each photo where absent.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as one JSON object.")] = False,
    shop: Annotated[
        Path | None, typer.Option("--shop", envvar="BOTTEGA_SHOP", help="The shop's folder; photos alone need none.")
    ] = None,
) -> None:
    """Show products in another colour, or suggest photos for missing colours. Originals are never written over."""
    from bottega.actions.studio.recolour.recolour import recolour_here
    from bottega.actions.studio.recolour.shapes import MissingColoursRequest, RecolourRequest
    from bottega.actions.verbs import verb
    from bottega.errors import RequestInvalid
    from bottega.shop.pictures.uploads import read_uploads

    with guard(), bar() as progress, shop_if_any(shop, needed=missing) as opened:
        if missing == bool(photos):
            raise RequestInvalid(
                "Photos were named beside --missing." if photos else "No photo was named.",
                allowed="It takes photo files with --to or --like, or --missing for the products of the shop.",
                next_step="Give one of them.",
            )
        if missing and opened is not None:
            report = verb("recolour_missing").run_by(opened, MissingColoursRequest(), progress=progress)
        else:
            paths = photos or []
            uploads = read_uploads(paths, as_typed=True)
            asked = {"photos": uploads, "to": to, "like": like, "part": part, "side_by_side": side_by_side}
            answer = recolour_here(opened, RecolourRequest.model_validate(asked), progress=progress)
            files = [_written(path, one, out) for path, one in zip(paths, answer.photos, strict=True)]
    if missing:
        if as_json:
            say(json.dumps(report.model_dump(mode="json"), ensure_ascii=False))
        else:
            say(
                f"{report.without_photo:,} of {report.products:,} products have no picture: {report.suggested:,} new "
                f"photos wait to be accepted (`bottega suggestions list --kind picture`), {report.decided:,} waited or "
                f"were decided on before, {report.colour_shown:,} have a sibling of their colour with a photo, "
                f"{report.alone:,} no sibling with one, {len(report.colour_unknown):,} a colour that no word explains, "
                f"{len(report.not_made):,} siblings whose photos will not do."
            )
        if not report.suggested:
            raise typer.Exit(EXIT_NOTHING_DONE)
        return
    if as_json:
        say(photos_told(answer, files))
    else:
        for one, written in zip(answer.photos, files, strict=True):
            _show(one, written)
    if any(one.refused for one in answer.photos):
        raise typer.Exit(EXIT_NOTHING_DONE)


def _written(path: Path, one: RecolouredPhoto, out: Path | None) -> list[Path]:
    made = (("recoloured", one.content), ("beside", one.side_by_side))
    return [write_beside(path, kind, content, out) for kind, content in made if content is not None]


def _show(one: RecolouredPhoto, written: list[Path]) -> None:
    say(one.photo)
    if one.refused or one.before is None or one.after is None:
        note(f"  {one.refused}")
        return
    say(f"  {one.part}: {one.before.hex} became {one.after.hex}, {one.off} from the colour asked for (CIEDE2000)")
    for text in one.notes:
        note(f"  {text}")
    for path in written:
        say(f"  wrote {path}")
