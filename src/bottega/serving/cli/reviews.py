"""`bottega reviews`: what the reviews of a product say, counted and quoted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bottega.serving.cli.console import guard, note, say
from bottega.serving.cli.options import ShopFolder

if TYPE_CHECKING:
    from bottega.actions.reviews.shapes import ReviewsAnswer

__all__ = ["reviews"]


def reviews(
    product_id: Annotated[str, typer.Argument(help="A product, or the group of its variants.", show_default=False)],
    n: Annotated[int, typer.Option(help="Quotes of each thing that is said.", min=0, max=50)] = 1,
    language: Annotated[str | None, typer.Option(help="Of what is told, as in de; else the shop's own.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer of the API as JSON.")] = False,
    shop: ShopFolder = Path(),
) -> None:
    """What the reviews of a product say: stars, and of each aspect how many say what, quoted."""
    from bottega.actions.reviews.reviews import reviews as ask
    from bottega.actions.reviews.shapes import ReviewsRequest
    from bottega.shop.open_shop import OpenShop

    with guard(), OpenShop.open(shop) as opened:
        answer = ask(opened, ReviewsRequest(product_id=product_id, n=n, language=language))
    if as_json:
        typer.echo(answer.model_dump_json(indent=2))
        return
    _show(answer)


def _show(answer: ReviewsAnswer) -> None:
    if not answer.reviews:
        note(f"Nobody has reviewed {answer.product_id} yet.")
        return
    stars = "" if answer.stars is None else f", {answer.stars:.1f} of 5 stars"
    say(f"{answer.product_id}: {answer.reviews:,} reviews{stars}.")
    if answer.warning:
        say(f"  {answer.warning}")
    for one in answer.sayings:
        say(f"  {one.told}")
        for quote in one.quotes:
            given = "" if quote.stars is None else f" ({quote.stars:g} stars)"
            say(f'      "{" ".join(quote.text.split())}"{given}')
