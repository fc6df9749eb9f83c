"""`bottega imagine`: pictures of products that do not exist, by words, and turn by turn from where one was."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bottega.serving.cli.console import guard, note, say
from bottega.serving.cli.options import is_shop

if TYPE_CHECKING:
    from bottega.actions.studio.products.shapes import ImagineAnswer

__all__ = ["imagine"]

_WHY = {
    "unknown": "is a word that nobody here knows",
    "not_drawn": "is nothing that can be asked for",
    "not_learnt": "was never learnt",
    "excluded": "cannot be left out",
    "drawn_instead": "was never learnt; drawn is",
}
STATE = "state.json"


def imagine(
    words: Annotated[str, typer.Argument(help='What is wanted, as in "red shirt for men, flat"; or a turn.')],
    n: Annotated[
        int | None, typer.Option(help="Pictures, up to 16; 8 where absent, or as many as before.", show_default=False)
    ] = None,
    seed: Annotated[int | None, typer.Option(help="The same words and seed give the same pictures.")] = None,
    out: Annotated[Path, typer.Option(help="Folder for the pictures and state.json.")] = Path(),
    before: Annotated[
        Path | None, typer.Option(help="state.json of the pictures before; the words then say what shall be otherwise.")
    ] = None,
    products: Annotated[int, typer.Option(help="Real products of the shop to find for each picture.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON, without the pictures.")] = False,
    shop: Annotated[
        Path | None, typer.Option("--shop", envvar="BOTTEGA_SHOP", help="The shop's folder; pictures alone need none.")
    ] = None,
) -> None:
    """Draw products that do not exist, by words: "red shirt for men, flat"; then "darker", "more like the third"."""
    from bottega.actions.studio.products.imagine import imagine as draw
    from bottega.actions.studio.products.imagine import imagine_here
    from bottega.actions.studio.products.shapes import ImagineRequest
    from bottega.errors import ShopUnknown
    from bottega.settings import load_settings
    from bottega.shop.open_shop import OpenShop

    with guard():
        folder = shop or Path()
        request = ImagineRequest(words=words, n=n, seed=seed, before=_state(before), products=products)
        if is_shop(folder):
            with OpenShop.open(folder) as opened:
                answer = draw(opened, request)
        elif shop is None and not products:
            answer = imagine_here(load_settings(folder), request)
        else:
            raise ShopUnknown(
                f"There is no shop in {folder.absolute()}.",
                next_step="Name its folder with --shop; pictures without --products need none.",
            )
        files = _written(answer, out)
    if as_json:
        told = answer.model_dump(mode="json", exclude={"pictures": {"__all__": {"content"}}})
        for picture, path in zip(told["pictures"], files, strict=True):
            picture["file"] = str(path)
        say(json.dumps(told, ensure_ascii=False))
        return
    for one in answer.not_drawn:
        note(f"{one.words!r} {_WHY[one.why]}{f' {one.instead}' if one.instead else ''}.")
    for picture, path in zip(answer.pictures, files, strict=True):
        about = [picture.type, picture.rgb, picture.gender, picture.usage, "worn" if picture.worn else "flat"]
        say(f"  {path}  {', '.join(filter(None, about))}")
        for place, hit in enumerate(picture.products):
            title = hit.product.title if hit.product else ""
            said = "as asked" if place < picture.as_asked else "near"
            say(f"      {hit.score:.3f}  {said:8}  {hit.product_id}  {title}")
    say(f"Generated pictures, seed {answer.seed}. To go on: bottega imagine WORDS --before {out / STATE}")


def _state(path: Path | None) -> Any:
    from bottega.errors import RequestInvalid, SourceUnreadable

    if path is None:
        return None
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SourceUnreadable(f"{path} cannot be read: {error.strerror}.", next_step="Check the path.") from error
    except ValueError as error:
        raise RequestInvalid(
            f"{path} is not JSON.", next_step=f"Name the {STATE} that `bottega imagine` wrote."
        ) from error


def _written(answer: ImagineAnswer, out: Path) -> list[Path]:
    """The files of the pictures; the state lies beside them. Those of the turn before are written over."""
    from bottega.errors import InputError, disk_full

    files = [out / f"imagined-{picture.number}.jpg" for picture in answer.pictures]
    try:
        out.mkdir(parents=True, exist_ok=True)
        for path, picture in zip(files, answer.pictures, strict=True):
            path.write_bytes(picture.content)
        (out / STATE).write_text(answer.state.model_dump_json(indent=2), encoding="utf-8")
    except OSError as error:
        raise disk_full(error) or InputError(
            f"The folder {out} cannot be written to: {error.strerror}.", next_step="Name another one with --out."
        ) from error
    return files
