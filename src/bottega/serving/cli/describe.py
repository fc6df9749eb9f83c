"""`bottega describe`: texts for products, one after the other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bottega.serving.cli.console import EXIT_NOTHING_DONE, bar, guard, note, say
from bottega.serving.cli.options import ShopFolder

if TYPE_CHECKING:
    from bottega.actions.wording.shapes import DescribedListing

__all__ = ["describe"]


def describe(
    product_ids: Annotated[list[str] | None, typer.Argument(metavar="PRODUCT_IDS", help="Ids of products.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Every product of the shop.")] = False,
    language: Annotated[str | None, typer.Option(help="Code of a language, as in de; else the shop's own.")] = None,
    channel: Annotated[str, typer.Option(help="search, google, amazon, ebay, etsy or meta: whose limits.")] = "google",
    keyword: Annotated[list[str] | None, typer.Option(help="Words that shall stand in it, where facts allow.")] = None,
    fact: Annotated[list[str] | None, typer.Option(help="Name or key of a fact that must be said.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Another one, another choice of sentences.")] = 0,
    tone: Annotated[str, typer.Option(help="plain, friendly, formal or terse.")] = "plain",
    reviews: Annotated[str, typer.Option(help="What reviews say in it: none, praise or all.")] = "none",
    shopper: Annotated[str | None, typer.Option(help="Whose text: what they lean to stands first.")] = None,
    rephrase: Annotated[bool, typer.Option("--rephrase", help="Let your own language model word it anew.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="With --json: which facts each sentence renders.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a product, a line each.")] = False,
    shop: ShopFolder = Path(),
) -> None:
    """Write title, bullets, description and alternative text of products, from facts that their listings bear out."""
    from bottega.actions.wording.describe import all_listings
    from bottega.actions.wording.shapes import DescribeRequest
    from bottega.shop.open_shop import OpenShop

    there: set[str] = set()
    with guard(), bar() as progress, OpenShop.open(shop) as opened:
        asked = {
            "product_ids": product_ids or [],
            "all": all_,
            "language": language,
            "channel": channel,
            "keywords": keyword or [],
            "facts": fact or [],
            "seed": seed,
            "tone": tone,
            "reviews": reviews,
            "rephrase": rephrase,
            "explain": explain,
        } | ({} if shopper is None else {"shopper": shopper})
        for one in all_listings(opened, DescribeRequest.model_validate(asked), progress=progress):
            there.add(one.product_id)
            if as_json:
                typer.echo(one.model_dump_json(exclude_none=True))
            else:
                _show(one)
    for product_id in product_ids or []:
        if product_id not in there:
            note(f"There is no product {product_id!r}.")
    if not there:
        raise typer.Exit(EXIT_NOTHING_DONE)


_NOTHING = {
    "events": "nothing that this shopper did says more for one of these facts than for another",
    "declared": "nothing that this shopper said to like is a fact of this product",
    "nothing known": "nothing is known of this shopper",
    "no consent": "this shopper did not agree to personal answers",
}


def _show(one: DescribedListing) -> None:
    say(f"{one.product_id}: {one.title}")
    for bullet in one.bullets:
        say(f"  - {bullet}")
    say(f"  {one.description}")
    say(f"  [picture] {one.alt}")
    for keyword in one.keywords:
        note(f"  {keyword.keyword!r}: {'placed' if keyword.placed else 'refused'}, {keyword.why}")
    for contradiction in one.contradictions:
        note(f"  Not written, for it contradicts itself: {contradiction}")
    if one.personal is not None:
        for choice in one.personal.choices:
            note(f"  {choice.why}")
        if not one.personal.choices:
            note(f"  Everybody's text: {_NOTHING[one.personal.basis]}.")
