"""`bottega customise`: a picture or a song on a product, as previews and as the files that are printed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bottega.serving.cli.console import bar, guard, note, say
from bottega.serving.cli.options import ShopFolder

if TYPE_CHECKING:
    from bottega.shop.shape import Upload

__all__ = ["customise"]


def customise(
    product_id: Annotated[str, typer.Argument(metavar="PRODUCT", help="Id of the product.")],
    picture: Annotated[Path | None, typer.Option(help="The customer's picture.")] = None,
    song: Annotated[Path | None, typer.Option(help="A song that becomes a picture: WAV, FLAC, Ogg or MP3.")] = None,
    out: Annotated[Path, typer.Option(help="Folder for previews, print file and proof.")] = Path(),
    template: Annotated[str | None, typer.Option(help="Which of the product's templates; else its first.")] = None,
    fit: Annotated[str, typer.Option(help="fill: nothing stays empty. fit: all of the picture is seen.")] = "fill",
    scale: Annotated[float, typer.Option(help="Times that size.")] = 1.0,
    x: Annotated[float, typer.Option(help="Right of the middle, in widths of the print.")] = 0.0,
    y: Annotated[float, typer.Option(help="Below the middle, in heights of the print.")] = 0.0,
    rotate: Annotated[float, typer.Option(help="Degrees clockwise.")] = 0.0,
    shopper: Annotated[str | None, typer.Option(help="Whose design it is.")] = None,
    own_photo: Annotated[
        bool, typer.Option("--own-photo", help="Of T-shirts: also on the product's own photo.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON, without the pictures.")] = False,
    shop: ShopFolder = Path(),
) -> None:
    """Put a picture, or what a song looks like, on a product: three previews, the print file and a proof."""
    from bottega.actions.studio.prints.print_design import print_design
    from bottega.actions.studio.prints.shapes import CustomiseRequest, PrintRequest
    from bottega.actions.verbs import verb
    from bottega.errors import RequestInvalid
    from bottega.shop.open_shop import OpenShop

    with guard(), bar() as progress, OpenShop.open(shop) as opened:
        asked: dict[str, Any] = {
            "product_id": product_id,
            "template": template,
            "shopper": shopper,
            "fit": fit,
            "scale": scale,
            "x": x,
            "y": y,
            "rotate": rotate,
            "own_photo": own_photo,
        }
        if picture and song:
            raise RequestInvalid(
                "A picture and a song were named.", allowed="It takes one of them.", next_step="Name one of them."
            )
        for name, path in (("picture", picture), ("song", song)):
            if path:
                asked[name] = _upload(path)
        answer = verb("customise").run_by(opened, CustomiseRequest(**asked), longest_s=None, progress=progress)
        printed = print_design(opened, PrintRequest(design_id=answer.design_id, out=out))
        files = [out / f"{answer.design_id}-{preview.angle}.webp" for preview in answer.previews]
        for path, preview in zip(files, answer.previews, strict=True):
            path.write_bytes(preview.content)
    if as_json:
        told = answer.model_dump(mode="json", exclude={"previews"})
        typer.echo(_json(told | {"files": [str(path) for path in (*files, printed.print_file, printed.proof)]}))
        return
    info = answer.print
    size = f"{answer.picture_width_px} x {answer.picture_height_px} pixels"
    say(f"Design {answer.design_id}: {size} on a {answer.template}.")
    for path in files:
        say(f"  {path}")
    say(
        f"  {printed.print_file}  {info.width_px} x {info.height_px} pixels: {info.width_mm:g} x {info.height_mm:g} mm "
        f"and {info.bleed_mm:g} mm bleed, the picture at {info.picture_dpi:.0f} dots per inch"
    )
    say(f"  {printed.proof}")
    if answer.warning:
        note(answer.warning)


def _upload(path: Path) -> Upload:
    from bottega.errors import SourceUnreadable
    from bottega.shop.shape import Upload

    try:
        return Upload(name=path.name, content=path.read_bytes())
    except OSError as error:
        raise SourceUnreadable(f"{path} cannot be read: {error.strerror}.", next_step="Check the path.") from error


def _json(value: object) -> str:
    import json

    return json.dumps(value, indent=2, ensure_ascii=False)
