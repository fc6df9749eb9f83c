"""What shoppers search for: the queries, what each finds now, and what its shoppers went on to.

A product belongs to the last search of its shopper in the five minutes before it was opened, put into the cart or
bought. What a query finds is looked up as a shopper would get it now, nobody in particular; when it was typed it may
have been otherwise.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime

from bottega.actions.search.report_shapes import ClickedProduct, SearchedFor, SearchReport, SearchReportRequest, Shown
from bottega.actions.search.shapes import SearchRequest
from bottega.actions.search.words import search_text
from bottega.events.times import now_ms
from bottega.names import DAY_MS
from bottega.shop.open_shop import OpenShop

__all__ = ["search_report"]

LOOKED_AT_MOST = 200
"""Queries whose products are looked up for one answer."""
CLICKED_MOST = 5
LETTERS_MOST = 500
"""Of a query that is searched for again."""
NOTE = (
    "A product counts for a search if its shopper opened it, put it into the cart or bought it within five minutes, "
    "before searching for anything else. What a query finds is looked up now."
)


def search_report(shop: OpenShop, request: SearchReportRequest) -> SearchReport:
    """What was searched for, by query. Who said no to analytics or personalisation is left out, and so are bots."""
    from bottega.datasets.searches import searches_with_after  # tables of columns: only who reads many loads them

    until_ms = now_ms() if request.until is None else min(now_ms(), int(request.until.timestamp() * 1000))
    since_ms = until_ms - request.days * DAY_MS
    asked, after = searches_with_after(shop.store, since_ms, until_ms)
    searches: dict[str, int] = defaultdict(int)
    shoppers: dict[str, set[str]] = defaultdict(set)
    for shopper, query in asked.select("shopper", "query").iter_rows():
        searches[query] += 1
        shoppers[query].add(shopper)
    followed: dict[str, set[int]] = defaultdict(set)
    led: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    items = _items(shop, after["product_id"].unique().to_list())
    for number, shopper, query, product in after.select("number", "shopper", "query", "product_id").iter_rows():
        followed[query].add(number)
        led[query][items[product]].add(shopper)
    often = sorted(searches, key=lambda query: (-len(shoppers[query]), -searches[query], query))
    listable = [query for query in often if len(shoppers[query]) >= request.least]
    wanted = " ".join(request.query.lower().split())
    rows: list[SearchedFor] = []
    looked_at = 0
    for query in [wanted] if wanted else listable[:LOOKED_AT_MOST]:
        if query not in searches or len(rows) == request.n:
            break
        chosen = sorted(led[query].items(), key=lambda pair: (-len(pair[1]), pair[0]))[:CLICKED_MOST]
        found = search_text(shop, SearchRequest(text=query[:LETTERS_MOST], n=1), helping=False)
        looked_at += 1
        row = SearchedFor(
            query=query,
            shoppers=len(shoppers[query]),
            searches=searches[query],
            followed=len(followed[query]),
            total=found.total,
            close=found.close,
            url=found.url,
            clicked=[ClickedProduct(product_id=name, shoppers=len(theirs)) for name, theirs in chosen],
        )
        if _is_shown(row, request.show):
            rows.append(row)
    return SearchReport(
        since=_moment(since_ms),
        until=_moment(until_ms),
        queries=rows,
        looked_at=looked_at,
        searches=len(asked),
        shoppers=asked["shopper"].n_unique(),
        different=len(searches),
        listable=len(listable),
        followed=after["number"].n_unique(),
        note=NOTE,
    )


def _is_shown(row: SearchedFor, show: Shown) -> bool:
    vain = row.total == 0 and row.url is None
    if show == "nothing_found":
        return vain
    return show == "all" or (not vain and row.url is None and not row.followed)


def _items(shop: OpenShop, product_ids: list[str]) -> dict[str, str]:
    """Product id -> id of its item; of what the catalogue has no more, the same."""
    with shop.floor() as floor:
        codes = floor.items.codes(product_ids).tolist()
        return {
            name: floor.items.id(code) if code >= 0 else name for name, code in zip(product_ids, codes, strict=True)
        }


def _moment(time_ms: int) -> str:
    return datetime.fromtimestamp(time_ms / 1000, UTC).isoformat("T", "seconds")
