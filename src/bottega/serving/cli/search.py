"""`bottega search` and `bottega similar`: products by words and by photo, on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bottega.serving.cli.console import EXIT_NOTHING_DONE, bar, guard, note, say
from bottega.serving.cli.options import Count, ShopFolder, n_of

if TYPE_CHECKING:
    from bottega.actions.recommend.shapes import SimilarAnswer
    from bottega.actions.search.shapes import Hit, LikeBut, PersonalOrder, SearchAnswer

__all__ = ["search", "similar"]

N = Annotated[
    int | None, typer.Option("--n", min=1, max=200, help="Products wanted; the setting `count` where absent.")
]
Json = Annotated[bool, typer.Option("--json", help="Print the answer of the API as JSON.")]


def similar(
    image: Annotated[Path | None, typer.Option(help="A photo: what is on it?")] = None,
    product: Annotated[str | None, typer.Option(help="A product instead of a photo.")] = None,
    but: Annotated[str, typer.Option(help='What should be different, as in "blue".')] = "",
    by: Annotated[
        str, typer.Option(help="By what products are like it, without --but: attributes, looks or behaviour.")
    ] = "attributes",
    n: N = None,
    count: Count = None,
    as_json: Json = False,
    shop: ShopFolder = Path(),
) -> None:
    """Find products like those on a photo, or like a product; with --but, like them but for these words."""
    from bottega.actions.recommend.find_similar import find_similar
    from bottega.actions.recommend.shapes import SimilarAnswer, SimilarRequest
    from bottega.actions.search.photo import search_photo
    from bottega.actions.search.shapes import PhotoSearchAnswer, PhotoSearchRequest, SearchRequest
    from bottega.actions.search.words import search_text
    from bottega.errors import RequestInvalid
    from bottega.shop.open_shop import OpenShop
    from bottega.shop.pictures.uploads import read_uploads

    answer: PhotoSearchAnswer | SearchAnswer | SimilarAnswer
    with guard(), bar() as progress:
        if (image is None) == (product is None):
            raise RequestInvalid("Neither a photo nor a product is named, or both are.", next_step="Use one of them.")
        if image is None and not but:
            like = SimilarRequest.model_validate(
                {"product_id": product, "by": by, "n": n_of(n, count), "return_product": True}
            )
            with OpenShop.open(shop) as opened:
                if by == "looks":
                    opened.search_index(look_at_all=True, progress=progress)
                answer = find_similar(opened, like)
        elif image is None:
            wanted = SearchRequest(product_id=product, text=but, n=n_of(n, count), return_product=True)
            with OpenShop.open(shop) as opened:
                answer = search_text(opened, wanted, look_at_all=True, progress=progress)
        else:
            [photo] = read_uploads([image])
            asked = PhotoSearchRequest(photo=photo, but=but or None, n=n_of(n, count), return_product=True)
            with OpenShop.open(shop) as opened:
                answer = search_photo(opened, asked, look_at_all=True, progress=progress)
    if as_json:
        typer.echo(answer.model_dump_json(indent=2, by_alias=True))
    elif isinstance(answer, PhotoSearchAnswer):
        for region in answer.regions:
            box = region.box
            say(f"{region.name} ({box.left},{box.top} to {box.right},{box.bottom})")
            _table(region.items)
            _remark(region.like)
            if region.remark:
                note(region.remark)
    elif isinstance(answer, SimilarAnswer):
        _alike(answer)
    else:
        _table(answer.items)
        _remark(answer.like)
    if not isinstance(answer, SimilarAnswer) and answer.unknown_words:
        note(f"Meant nothing here: {', '.join(answer.unknown_words)}.")


def _alike(answer: SimilarAnswer) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, highlight=False)
    for column in ("rank", "score", "product", "title", "source"):
        table.add_column(column, justify="right" if column in ("rank", "score") else "left")
    for item in answer.items:
        title = item.product.title if item.product else ""
        table.add_row(str(item.rank), f"{item.score:.3f}", item.product_id, title, item.source)
    Console(highlight=False, markup=False).print(table)
    if answer.fallback:
        note(f"Nothing is known of it by {answer.by}; these are by {answer.fallback.replace('_', ' ')}.")


def _remark(like: LikeBut | None) -> None:
    """What the shop lacks of what was asked for."""
    if like is not None and like.remark:
        note(like.remark)


def search(
    words: Annotated[list[str], typer.Argument(help="What to look for, as in: red striped shirt.")],
    where: Annotated[
        list[str] | None,
        typer.Option(
            help="Only what has this value, as in color=red, brand=Lana or category=Shoes; repeat it for more.",
            metavar="NAME=VALUE",
        ),
    ] = None,
    price: Annotated[
        str, typer.Option(help="Only within these prices, in whole units of the currency: 10-20, 10- or -20.")
    ] = "",
    sort: Annotated[str, typer.Option(help="relevance, price_up, price_down or newest.")] = "relevance",
    after: Annotated[int, typer.Option(min=0, help="Go on behind so many products.")] = 0,
    exact: Annotated[bool, typer.Option("--exact", help="Take words as typed: read none as another.")] = False,
    facets: Annotated[bool, typer.Option("--facets", help="Say how many there are of each kind, brand ...")] = False,
    shopper: Annotated[
        str | None, typer.Option(help="Hits about as good as one another in the order of this shopper.")
    ] = None,
    n: N = None,
    count: Count = None,
    as_json: Json = False,
    shop: ShopFolder = Path(),
) -> None:
    """Find products by words: in their listings, and by what their photos show."""
    from bottega.actions.search.shapes import SearchRequest
    from bottega.actions.search.words import search_text
    from bottega.serving.cli.narrowing import facet_table, filter_of
    from bottega.shop.open_shop import OpenShop

    with guard(), bar() as progress, OpenShop.open(shop) as opened:
        wanted = SearchRequest.model_validate(
            {
                "text": " ".join(words)[:500],
                "filter": filter_of(where or [], price, opened.settings.currency),
                "sort": sort,
                "after": after,
                "facets": facets,
                "exact": exact,
                **({} if shopper is None else {"personal": True, "shopper": shopper}),
                "n": n_of(n, count),
                "return_product": True,
            }
        )
        answer = search_text(opened, wanted, look_at_all=True, progress=progress)
    if as_json:
        typer.echo(answer.model_dump_json(indent=2, by_alias=True))
    else:
        whole, close = answer.items[: answer.close_from], answer.items[answer.close_from :]
        if whole:
            _table(whole)
        if close:
            say("Also close" if answer.total else "Nothing is just that; this is close")
            _table(close)
        if answer.facets:
            facet_table(answer.facets, opened.settings.currency)
        if answer.items:
            _counted(answer)
        else:
            note("Nothing was found.")
    if answer.personal is not None:
        note(_whose(answer.personal))
    for word, near in answer.read_as.items():
        note(f"{word!r} is in no listing; read as {', '.join(near)}. As typed: --exact.")
    if answer.unknown_words:
        note(f"Meant nothing here: {', '.join(answer.unknown_words)}.")
    for sentence in answer.help.said if answer.help else []:
        note(sentence)
    if not answer.items:
        raise typer.Exit(EXIT_NOTHING_DONE)


def _whose(order: PersonalOrder) -> str:
    """Whose order it is, in a sentence."""
    if order.basis in ("nothing known", "no consent"):
        why = "nothing is known of them" if order.basis == "nothing known" else "they did not agree to personal answers"
        return f"The order is that of anybody: {why}."
    events = "1 event" if order.events_known == 1 else f"{order.events_known} events"
    on = events if order.basis == "events" else "what they declared"
    return f"In the order of {order.shopper}, by {on}; {order.moved} stand elsewhere than for anybody."


def _counted(answer: SearchAnswer) -> None:
    """How many there are, and how to see more of them."""
    more = f" Go on with --after {answer.next}." if answer.next is not None else ""
    close = f", {answer.close} more are close" if answer.close else ""
    note(f"{answer.total} {'product is' if answer.total == 1 else 'products are'} all of that{close}.{more}")


def _table(items: Sequence[Hit]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, highlight=False)
    for column in ("rank", "score", "product", "title", "found by"):
        table.add_column(column, justify="right" if column in ("rank", "score") else "left")
    for item in items:
        title = item.product.title if item.product else ""
        table.add_row(str(item.rank), f"{item.score:.3f}", item.product_id, title, ", ".join(item.found_by))
    Console(highlight=False, markup=False).print(table)
