"""`bottega face`: a smile, an age, where the shop trained a model of its own for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from bottega.serving.cli.console import guard, say
from bottega.serving.cli.options import ShopFolder
from bottega.serving.cli.pictures import write_beside

__all__ = ["face"]


def face(
    photo: Annotated[Path, typer.Argument(help="A photo of a face, aligned as those that were learnt from.")],
    smile: Annotated[float | None, typer.Option(help="How much more of a smile, -1 to 1.")] = None,
    age: Annotated[float | None, typer.Option(help="How much older, -1 to 1.")] = None,
    other: Annotated[
        list[str] | None, typer.Option("--change", help="Another attribute that was learnt, as in glasses=0.5.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the picture; beside the photo where absent.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as one JSON object.")] = False,
    shop: ShopFolder = Path(),
) -> None:
    """Change a face by the shop's own model; none ships, `bottega train face` makes one from the shop's photos."""
    from bottega.actions.studio.people.face import change_face
    from bottega.actions.studio.people.face_shapes import FaceRequest
    from bottega.errors import RequestInvalid
    from bottega.shop.open_shop import OpenShop
    from bottega.shop.pictures.uploads import read_uploads

    with guard():
        change = {name: value for name, value in (("smile", smile), ("age", age)) if value is not None}
        for said in other or []:
            name, _, value = said.partition("=")
            try:
                change[name] = float(value)
            except ValueError as error:
                raise RequestInvalid(
                    f"--change {said!r} names no amount.", allowed="It is NAME=AMOUNT.", next_step="As in glasses=0.5."
                ) from error
        if not change:
            raise RequestInvalid(
                "Nothing was asked for.",
                allowed="It takes --smile, --age or --change NAME=AMOUNT.",
                next_step="Give one.",
            )
        with OpenShop.open(shop) as opened:
            (upload,) = read_uploads([photo], as_typed=True)
            answer = change_face(opened, FaceRequest(photo=upload, change=change))
            file = write_beside(photo, "face", answer.content, out)
    if as_json:
        say(json.dumps(answer.model_dump(mode="json", exclude={"content"}) | {"file": str(file)}, ensure_ascii=False))
        return
    say(f"wrote {file}, {answer.width} x {answer.height} pixels")
