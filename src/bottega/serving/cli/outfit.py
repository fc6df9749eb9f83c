"""`bottega outfit`: what goes with a product, or with what a photo shows."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bottega.serving.cli.console import bar, guard, note, say
from bottega.serving.cli.options import Count, ShopFolder, n_of

__all__ = ["outfit"]


def outfit(
    product: Annotated[str | None, typer.Argument(help="A product.")] = None,
    image: Annotated[Path | None, typer.Option(help="A photo instead of a product.")] = None,
    n: Annotated[
        int | None, typer.Option("--n", min=1, max=50, help="Suggestions for each slot; 3 where absent.")
    ] = None,
    count: Count = None,
    shopper: Annotated[str | None, typer.Option(help="Whose closet comes first in each slot.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer of the API as JSON.")] = False,
    shop: ShopFolder = Path(),
) -> None:
    """Complete an outfit: what goes with this, slot by slot, and why."""
    from rich.console import Console
    from rich.table import Table

    from bottega.actions.closet import outfits as action
    from bottega.actions.closet.shapes import OutfitRequest, PhotoOutfitRequest
    from bottega.errors import RequestInvalid
    from bottega.shop.open_shop import OpenShop
    from bottega.shop.pictures.uploads import read_uploads

    own = {"shopper": shopper, "own_first": shopper is not None, "n": n_of(n, count), "return_product": True}
    with guard(), bar() as progress:
        if (image is None) == (product is None):
            raise RequestInvalid("Neither a photo nor a product is named, or both are.", next_step="Use one of them.")
        photo = read_uploads([image])[0] if image is not None else None
        with OpenShop.open(shop) as opened:
            if photo is None:
                request = OutfitRequest.model_validate({"product_id": product, **own})
                answer = action.outfit(opened, request, look_at_all=True, progress=progress)
            else:
                asked = PhotoOutfitRequest.model_validate({"photo": photo, **own})
                answer = action.outfit_for_photo(opened, asked, look_at_all=True, progress=progress)
    if as_json:
        typer.echo(answer.model_dump_json(indent=2, by_alias=True))
        return
    table = Table("slot", "product", "title", "score", "why", box=None, highlight=False)
    for slot in answer.slots:
        for one in slot.suggestions:
            name = one.product_id or f"closet item {one.closet_item}"
            title = one.product.title if one.product else ""
            why = one.reasons[0].text if one.reasons else ""
            table.add_row(slot.slot, name, title, f"{one.score:.2f}", why)
    Console(highlight=False, markup=False).print(table)
    if answer.photos_waiting:
        note(f"{answer.photos_waiting} catalogue photos could not be looked at.")
    say(f"{', '.join(answer.given)} completed in {answer.took_ms:.0f} ms")
