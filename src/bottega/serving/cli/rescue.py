"""`bottega rescue`: photos made better, each written beside the photo that came, which stays as it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bottega.serving.cli.console import EXIT_NOTHING_DONE, bar, guard, note, say
from bottega.serving.cli.pictures import photos_told, shop_if_any, write_beside

if TYPE_CHECKING:
    from bottega.actions.studio.rescue.shapes import RescuedPhoto

__all__ = ["rescue"]


def rescue(
    photos: Annotated[list[Path] | None, typer.Argument(help="Photo files.", show_default=False)] = None,
    catalogue: Annotated[
        bool, typer.Option("--catalogue", help="Suggest a better main photo for every product of the shop.")
    ] = False,
    enlarge: Annotated[
        int | None, typer.Option(help="Times as large: 1, 2 or 4; by the photo's size where absent.")
    ] = None,
    way: Annotated[str, typer.Option(help="likely draws sharp detail; mean makes nothing up.")] = "likely",
    no_light: Annotated[bool, typer.Option("--no-light", help="Leave white balance and exposure.")] = False,
    no_level: Annotated[bool, typer.Option("--no-level", help="Do not straighten.")] = False,
    clean: Annotated[bool, typer.Option("--clean", help="Take noise and blocks out of what stays as large.")] = False,
    background: Annotated[bool, typer.Option("--background", help="Lay the product on white.")] = False,
    shadow: Annotated[bool, typer.Option("--shadow", help="With a soft shadow where it stands.")] = False,
    preset: Annotated[str | None, typer.Option(help="The shape of a marketplace, as in square.")] = None,
    scene: Annotated[str | None, typer.Option(help="Lay the product on table, shelf or cloth.")] = None,
    ghost: Annotated[bool, typer.Option("--ghost", help="Of a worn garment: alone, without who wears it.")] = False,
    garment: Annotated[str | None, typer.Option(help="Which: upper or lower; the larger where absent.")] = None,
    side_by_side: Annotated[bool, typer.Option("--side-by-side", help="Write before and after, too.")] = False,
    out: Annotated[
        Path | None, typer.Option(help="Folder for what is written; beside each photo where absent.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as one JSON object.")] = False,
    shop: Annotated[
        Path | None, typer.Option("--shop", envvar="BOTTEGA_SHOP", help="The shop's folder; photos alone need none.")
    ] = None,
) -> None:
    """Make photos better, or suggest better main photos for the whole catalogue. Originals are never written over."""
    from bottega.actions.studio.rescue.rescue import rescue_here
    from bottega.actions.studio.rescue.shapes import RescueCatalogueRequest, RescueRequest
    from bottega.actions.verbs import verb
    from bottega.errors import RequestInvalid
    from bottega.shop.pictures.uploads import read_uploads

    wanted: dict[str, Any] = {
        "enlarge": enlarge,
        "way": way,
        "light": not no_light,
        "level": not no_level,
        "clean": clean,
        "background": background,
        "shadow": shadow,
        "preset": preset,
        "scene": scene,
        "ghost": ghost,
        "garment": garment,
    }
    with guard(), bar() as progress, shop_if_any(shop, needed=catalogue) as opened:
        if catalogue == bool(photos):
            raise RequestInvalid(
                "Photos were named beside --catalogue." if photos else "No photo was named.",
                allowed="It takes photo files, or --catalogue for the products of the shop.",
                next_step="Give one of them.",
            )
        if catalogue and opened is not None:
            report = verb("rescue_catalogue").run_by(
                opened, RescueCatalogueRequest.model_validate(wanted), progress=progress
            )
        else:
            paths = photos or []
            uploads = read_uploads(paths, as_typed=True)
            request = RescueRequest.model_validate({**wanted, "photos": uploads, "side_by_side": side_by_side})
            answer = rescue_here(opened, request, progress=progress)
            files = [_written(path, one, out) for path, one in zip(paths, answer.photos, strict=True)]
    if catalogue:
        if as_json:
            say(json.dumps(report.model_dump(mode="json"), ensure_ascii=False))
        else:
            say(
                f"{report.products:,} products: {report.suggested:,} better main photos wait to be accepted "
                f"(`bottega suggestions list --kind picture`), {report.unchanged:,} need nothing, "
                f"{report.without_photo:,} have no photo here, {len(report.unreadable):,} cannot be read, "
                f"{report.no_product:,} show no product that could be cut out."
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


def _written(path: Path, one: RescuedPhoto, out: Path | None) -> list[Path]:
    """The files of one photo; none takes the place of another."""
    made = (("rescued", one.content), ("beside", one.side_by_side))
    return [write_beside(path, kind, content, out) for kind, content in made if content is not None]


def _show(one: RescuedPhoto, written: list[Path]) -> None:
    say(one.photo)
    if one.refused:
        note(f"  {one.refused}")
        return
    for step in one.steps:
        say(f"  {step.step:<11}{'' if step.done else 'left: '}{step.what}")
    for path in written:
        say(f"  wrote {path}, {one.width} x {one.height} pixels" if path == written[0] else f"  wrote {path}")
