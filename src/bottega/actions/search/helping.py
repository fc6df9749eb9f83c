"""What may help where nothing is all that was asked for: other words, fewer words, near kinds, what is popular."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from difflib import get_close_matches

import numpy as np

from bottega.actions.search.hits import shown_hits
from bottega.actions.search.shapes import NearKind, OtherWords, SearchHelp, SearchRequest
from bottega.catalogue.filter import Filter
from bottega.languages.fold import fold, tokens
from bottega.models.search.prices import bounds_in
from bottega.models.search.query import Query
from bottega.names import BoolArray, IntArray
from bottega.shop.floor import Floor
from bottega.shop.search.found import FoundRows, fused
from bottega.shop.search.index import SearchIndex

__all__ = ["helped_on"]

UNITS_MOST = 6
"""So many words are left away in turn."""
SPELT_MOST, KINDS_MOST, POPULAR_MOST = 3, 4, 6
THE_PRICE = "the price"
NAMES_LOOKED_AT = 2000
CLOSE_LOOKED_AT = 40
"""So many of the closest products say which kinds are near."""

Search = Callable[[str], FoundRows]


def helped_on(
    index: SearchIndex,
    floor: Floor,
    request: SearchRequest,
    found: FoundRows,
    query: Query,
    search: Search,
    shown: BoolArray,
) -> SearchHelp:
    """`found` and `query`: what these words found and how they were understood; `search`: what other words find under
    the same conditions; `shown`: products [V] that the shop shows at all in searches, whatever the words."""

    def total_of(text: str) -> int:
        return search(text).ordered(floor.shelf, "relevance")[1]

    spelt = _spelt(index, request.text, query, total_of)
    left_away = _left_away(request.text, query, total_of)
    near = found if len(found.rows) or not left_away else search(left_away[0].text)
    kinds = _kinds(floor, near, shown)
    popular = _popular(floor, kinds[0].value if kinds else None, shown)
    return SearchHelp(
        said=[*_said(request, spelt, left_away, kinds), *_unmet(floor, request.filter)],
        spelt=spelt,
        left_away=left_away,
        kinds=kinds,
        popular=shown_hits(floor, popular, range(len(popular.rows)), return_product=request.return_product),
    )


def _spelt(index: SearchIndex, text: str, query: Query, total_of: Callable[[str], int]) -> list[OtherWords]:
    told = []
    for word in query.unknown:
        for other in index.spelt(word):
            changed = " ".join(other if one == word else one for one in tokens(text))
            if changed != text and (total := total_of(changed)):
                told.append(OtherWords(text=changed, total=total, changed=word))
    return sorted(told, key=lambda one: -one.total)[:SPELT_MOST]


def _left_away(text: str, query: Query, total_of: Callable[[str], int]) -> list[OtherWords]:
    """What each word hides, those that hide most first."""
    parts = [unit.phrase for unit in query.units] + [tuple(tokens(word)) for word in query.unknown]
    parts = list(dict.fromkeys(parts))[:UNITS_MOST]
    fewer = {" ".join(phrase): _without(text, phrase, query) for phrase in parts if len(parts) > 1}
    if query.price and query.units:
        rest = " ".join(bounds_in(fold(text))[1].split())
        fewer[THE_PRICE] = rest
    told = [
        OtherWords(text=rest, total=total, changed=changed)
        for changed, rest in fewer.items()
        if rest and rest != text and (total := total_of(rest))
    ]
    return sorted(told, key=lambda one: -one.total)


def _without(text: str, phrase: Sequence[str], query: Query) -> str:
    """A text without some words, however they were typed."""
    gone = {*phrase, *(word for word, read in query.read_as.items() if set(read) & set(phrase))}
    return " ".join(piece for piece in text.split() if not (words := set(tokens(piece))) or not words <= gone)


def _kinds(floor: Floor, found: FoundRows, shown: BoolArray) -> list[NearKind]:
    """Categories of the products that come closest."""
    shelf = floor.shelf
    places, _ = found.ordered(shelf, "relevance")
    rows = found.rows[places[:CLOSE_LOOKED_AT]]
    paths, of = shelf.paths_of(rows)
    worth: dict[tuple[str, ...], float] = defaultdict(float)
    for rank, number in enumerate(of.tolist()):
        if paths[number]:
            worth[paths[number]] += 1 / (1 + rank)
    told = []
    for path in sorted(worth, key=lambda path: -worth[path])[:KINDS_MOST]:
        value = " > ".join(path)
        told.append(
            NearKind(value=value, label=path[-1], count=len(np.unique(shelf.item[_inside(floor, value, shown)])))
        )
    return [kind for kind in told if kind.count]


def _popular(floor: Floor, category: str | None, shown: BoolArray) -> FoundRows:
    """What most shoppers chose, of a category or of all; of several variants the first."""
    rows = np.flatnonzero(shown).astype(np.int32) if category is None else _inside(floor, category, shown)
    items = floor.shelf.item[rows]
    _, first = np.unique(items, return_index=True)
    rows, items = rows[first], items[first]
    best = np.argsort(-floor.shopper_counts[items], kind="stable")[:POPULAR_MOST]
    return fused(rows[best].astype(np.int64), np.ones(len(best), np.float32), 0, {})


def _inside(floor: Floor, category: str, shown: BoolArray) -> IntArray:
    return np.flatnonzero(floor.shelf.allowed(Filter(category=[category]))[0] & shown).astype(np.int32)


def _said(
    request: SearchRequest, spelt: Sequence[OtherWords], left_away: Sequence[OtherWords], kinds: Sequence[NearKind]
) -> list[str]:
    conditions = " under these conditions" if request.filter is not None else ""
    said = [f"Nothing here is all of “{request.text.strip()}”{conditions}."]
    if spelt:
        said.append(f"Nearest spelling: {', '.join(f'“{one.text}” ({one.total})' for one in spelt)}.")
    if left_away:
        said.append(f"Without {'; without '.join(_told_without(one) for one in left_away)}.")
    if kinds:
        said.append(f"Nearest kinds here: {', '.join(f'{one.label} ({one.count})' for one in kinds)}.")
    return said


def _unmet(floor: Floor, wanted: Filter | None) -> list[str]:
    """Conditions that no product of the shop meets, whatever the words: a name or a value may be mistyped."""
    if wanted is None:
        return []
    said = []
    for name, values in (wanted.attributes or {}).items():
        if floor.shelf.matching(Filter(attributes={name: values})).any():
            continue
        names = _attributes(floor)
        if name.lower() in names:
            said.append(f"No product here has {name} {' or '.join(f'“{value}”' for value in values)}.")
        else:
            near = get_close_matches(name.lower(), names, n=1) or names
            said.append(f"No product here says anything of “{name}”; they say {', '.join(near) or 'nothing'}.")
    for name, one_of in (("brand", wanted.brand), ("category", wanted.category)):
        if one_of and not floor.shelf.matching(Filter.model_validate({name: one_of})).any():
            said.append(f"No product here has {name} {' or '.join(f'“{value}”' for value in one_of)}.")
    return said


def _attributes(floor: Floor) -> list[str]:
    """Names of attributes that products have, as far as the first of them say."""
    rows = np.arange(min(len(floor.shelf), NAMES_LOOKED_AT), dtype=np.int32)
    numbers = np.unique(floor.shelf.facets_of(rows)[0])
    return sorted({floor.shelf.facet(int(number))[0] for number in numbers})


def _told_without(one: OtherWords) -> str:
    word = one.changed if one.changed == THE_PRICE else f"“{one.changed}”"
    return f"{word}: {one.total} {'product' if one.total == 1 else 'products'}"
