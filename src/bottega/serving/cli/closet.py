"""`bottega closet add|list|remove`: what a shopper has, seen on their photos."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bottega.serving.cli.console import EXIT_NOTHING_DONE, bar, guard, note, say
from bottega.serving.cli.options import ShopFolder

if TYPE_CHECKING:
    from bottega.actions.closet.shapes import ClosetAnswer

__all__ = ["app"]

app = typer.Typer(help="A shopper's digital closet: things seen on their photos.", no_args_is_help=True)
Shopper = Annotated[str, typer.Argument(help="Shopper id, or the anonymous id until log-in.")]
Json = Annotated[bool, typer.Option("--json", help="Print the answer of the API as JSON.")]


@app.command()
def add(
    shopper: Shopper,
    photos: Annotated[list[Path], typer.Argument(metavar="PHOTO...", help="Pictures of what they wear or own.")],
    keep_photo: Annotated[
        bool, typer.Option("--keep-photo", help="Keep the photos too, without their metadata.")
    ] = False,
    as_json: Json = False,
    shop: ShopFolder = Path(),
) -> None:
    """Hang up what photos show."""
    from bottega.actions.closet.shapes import ClosetRequest
    from bottega.actions.verbs import verb
    from bottega.shop.open_shop import OpenShop
    from bottega.shop.pictures.uploads import read_uploads

    with guard(), bar() as progress:
        request = ClosetRequest(shopper=shopper, photos=read_uploads(photos), keep_photo=keep_photo)
        with OpenShop.open(shop) as opened:
            answer = verb("add_to_closet").run_by(opened, request, progress=progress)
    _print(answer, as_json=as_json)


@app.command("list")
def list_(shopper: Shopper, as_json: Json = False, shop: ShopFolder = Path()) -> None:
    """Everything in the closet, the newest first."""
    from bottega.actions.closet.closet import closet_of
    from bottega.actions.closet.shapes import ClosetQuery
    from bottega.shop.open_shop import OpenShop

    with guard(), OpenShop.open(shop) as opened:
        answer = closet_of(opened, ClosetQuery(shopper=shopper))
    _print(answer, as_json=as_json)


@app.command()
def remove(
    shopper: Shopper,
    items: Annotated[list[int], typer.Argument(metavar="ITEM...", help="Numbers that `closet list` shows.")],
    shop: ShopFolder = Path(),
) -> None:
    """Take things out; a kept photo goes with the last thing seen on it."""
    from bottega.actions.closet.shapes import ClosetRemoval
    from bottega.actions.verbs import verb
    from bottega.shop.open_shop import OpenShop

    with guard(), OpenShop.open(shop) as opened:
        done = verb("remove_from_closet").run_by(opened, ClosetRemoval(shopper=shopper, closet_items=items))
    say(f"Removed {len(done.removed)} of {len(items)}; {done.photos_deleted} photos deleted.")
    if not done.removed:
        note("`bottega closet list` shows the numbers of what hangs there.")
        raise typer.Exit(EXIT_NOTHING_DONE)


def _print(answer: ClosetAnswer, *, as_json: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    if as_json:
        typer.echo(answer.model_dump_json(indent=2, by_alias=True))
        return
    table = Table("item", "photo", "part", "slot", "what", "colours", "most like", box=None, highlight=False)
    for item in answer.items:
        what = ", ".join(tag.value for head, tag in item.tags.items() if head in ("type", "gender"))
        colours = ", ".join(colour.name for colour in item.colours)
        like = f"{item.like[0].product_id} ({item.like[0].score:.2f})" if item.like else ""
        table.add_row(str(item.closet_item), item.photo, item.part, item.slot or "", what, colours, like)
    Console(highlight=False, markup=False).print(table)
    for name, why in answer.refused.items():
        note(f"{name}: {why}")
    say(f"{len(answer.items)} items of {answer.shopper}, {answer.took_ms:.0f} ms")
