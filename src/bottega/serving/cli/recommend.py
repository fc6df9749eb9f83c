"""`bottega recommend`: one list, on the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bottega.serving.cli.console import bar, guard, note, say
from bottega.serving.cli.options import Count, ShopFolder, n_of

__all__ = ["recommend"]

_STOOD_IN = {
    "popular": "Nothing is known of this shopper yet: this is what most people like",
    "content": "Nobody has tried this product yet: these are like it by what they are",
    "untrained": "Nothing is trained yet (`bottega train`): this is what people look at",
    "padded:seen": "Too little is known for a whole list: what was seen already fills it up",
    "padded:popular": "Too little is known for a whole list: what most people like fills it up",
    "no_consent": "The shopper did not agree to answers of their own: this is the same for everyone",
}
"""What stood in for an answer of one's own, for whoever reads the list."""


def recommend(
    shopper: Annotated[str | None, typer.Option(help="Shopper id, or the anonymous id until log-in.")] = None,
    product: Annotated[
        list[str] | None, typer.Option(help="A product to recommend beside; may be given several times.")
    ] = None,
    n: Annotated[
        int | None, typer.Option("--n", min=1, max=200, help="Products wanted; the setting `count` where absent.")
    ] = None,
    count: Count = None,
    strategy: Annotated[str | None, typer.Option(help="One recommender by name; the blend where absent.")] = None,
    everybody: Annotated[bool, typer.Option("--all", help="A list for every shopper, into a file.")] = False,
    out: Annotated[Path | None, typer.Option(help="With --all: the file, ending in .parquet or .csv.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer of the API as JSON.")] = False,
    shop: ShopFolder = Path(),
) -> None:
    """Recommend products to a shopper, beside a product, to a stranger, or to all."""
    if everybody or out is not None:
        _to_all(shop, out, n_of(n, count), strategy, one=bool(shopper or product or not everybody), as_json=as_json)
        return
    from rich.console import Console
    from rich.table import Table

    from bottega.actions.recommend import recommend as action
    from bottega.actions.recommend.shapes import RecommendationRequest
    from bottega.shop.open_shop import OpenShop

    with guard(), bar() as progress:
        request = RecommendationRequest(
            placement="product" if product else "home",
            shopper=shopper or None,
            product_ids=[name for name in product or [] if name.strip()],
            n=n_of(n, count),
            strategy=strategy,
            return_product=True,
        )
        progress("opening the shop", 0)
        with OpenShop.open(shop) as opened:
            answer = action.recommend(opened, request)
    if as_json:
        typer.echo(answer.model_dump_json(indent=2, by_alias=True))
        return
    table = Table(box=None, highlight=False)
    for column in ("rank", "product", "title", "why", "source"):
        table.add_column(column, justify="right" if column == "rank" else "left")
    for item in answer.items:
        why = item.reasons[0].text if item.reasons else ""
        title = item.product.title if item.product else ""
        table.add_row(*(str(cell) for cell in (item.rank, item.product_id, title, why, item.source)))
    Console(highlight=False, markup=False).print(table)
    if answer.fallback:
        note(f"{_STOOD_IN.get(answer.fallback, answer.fallback)}.")
    if answer.missing_ids:
        note(f"Not in the catalogue: {', '.join(answer.missing_ids)}.")
    say(f"Model {answer.model.name}, version {answer.model.version}; answered in {answer.took_ms:.1f} ms.")


def _to_all(folder: Path, out: Path | None, n: int | None, strategy: str | None, *, one: bool, as_json: bool) -> None:
    from bottega.actions.recommend.recommend_all import recommend_all
    from bottega.actions.recommend.shapes import RecommendAllRequest
    from bottega.errors import RequestInvalid
    from bottega.shop.open_shop import OpenShop

    with guard(), bar() as progress:
        if out is None or one:
            raise RequestInvalid(
                "Lists for all shoppers need --all and --out, and nobody in particular.",
                allowed="`bottega recommend --all --out lists.parquet`, with --n and --strategy.",
                next_step="Leave --shopper and --product out, or ask for one list without --all and --out.",
            )
        with OpenShop.open(folder) as opened:
            done = recommend_all(opened, RecommendAllRequest(out=out, n=n, strategy=strategy), progress=progress)
    if as_json:
        typer.echo(done.model_dump_json())
        return
    say(f"Lists of {done.shoppers:,} shoppers with {done.rows:,} products written to {done.path}.")
    if done.resumed:
        note(f"{done.resumed:,} of {done.portions:,} portions stood there from a run before.")
    for name, count in done.fallbacks.items():
        note(f"{count:,} of them: {_STOOD_IN.get(name, name)}.")
