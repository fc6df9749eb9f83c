"""Products of a shop as facts: their listings, what was accepted or suggested for them, how this shop writes titles.

What titles of a shop have in common is counted once for each state of the catalogue: words that many begin with are
makers' names, words that stand behind many of those are no name of one thing, and small words tell the language.
"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from bottega.catalogue.attributes import GENERATED, NUMBERS, TEXTS, with_before
from bottega.catalogue.product import Product
from bottega.languages.fold import tokens
from bottega.languages.lexicon import lexicon
from bottega.languages.writing import concepts_named, writing_languages
from bottega.models.wording.facts import FactSheet, GivenListing, Offered
from bottega.models.wording.known import known
from bottega.prices import Price, plain_amount
from bottega.shop.folder import ShopFolder
from bottega.shop.versions import ShopPart, Versions
from bottega.store.store import Store
from bottega.store.suggestions import Suggestion, SuggestionKind, SuggestionState

__all__ = ["TitleWords", "facts_of", "listing_of", "title_words"]

MAKERS_FEWEST = 4
"""Titles that begin with a word before it is taken for a maker's name."""
COMMON_FEWEST = 3
"""Makers in whose titles a word stands before it is taken for no name of one thing."""
DESCRIBED_MOST = 2_000
"""Descriptions that are heard for the language."""


@dataclass(frozen=True, slots=True)
class TitleWords:
    """What titles of a shop have in common."""

    language: str = "en"
    makers: frozenset[str] = frozenset()
    common: frozenset[str] = frozenset()

    @classmethod
    def of(cls, products: Iterable[Product]) -> TitleWords:
        """Counted over a catalogue."""
        first: Counter[str] = Counter()
        behind: defaultdict[str, set[str]] = defaultdict(set)
        heard: Counter[str] = Counter()
        for place, product in enumerate(products):
            words = tokens(product.title)
            if not words:
                continue
            first[words[0]] += 1
            for word in words[1:]:
                if len(behind[word]) < COMMON_FEWEST:
                    behind[word].add(words[0])
            heard.update(words)
            if place < DESCRIBED_MOST:
                heard.update(tokens(product.description[:400]))
        languages, stops = writing_languages(), lexicon().stops
        small = {code: sum(heard[word] for word in stops.get(code, ())) for code in languages}
        language = min(languages, key=lambda code: (-small[code], code != "en"))
        makers = {
            word for word, times in first.items() if times >= MAKERS_FEWEST and not concepts_named((word,), language)
        }
        common = {word for word, makers_of in behind.items() if len(makers_of) >= COMMON_FEWEST}
        return cls(language, frozenset(makers), frozenset(common - makers))


_lock = threading.Lock()
_counted: WeakKeyDictionary[Versions, tuple[int, TitleWords]] = WeakKeyDictionary()


def title_words(folder: ShopFolder) -> TitleWords:
    """Of the catalogue as it is now; counted where it has changed."""
    stamp = folder.versions.of_part(ShopPart.CATALOGUE)
    with _lock:
        kept = _counted.get(folder.versions)
        if kept is None or kept[0] != stamp:
            kept = stamp, TitleWords.of(product for chunk in folder.store.products.iterate() for product in chunk)
            _counted[folder.versions] = kept
    return kept[1]


def listing_of(product: Product, words: TitleWords, decided: Sequence[Suggestion] = ()) -> GivenListing:
    """One product's listing; `decided`: suggestions accepted or open for it.

    A text that was written from facts is none: where one was accepted, the merchant's own stands in its place.
    """
    for one in decided:
        accepted_text = one.kind is SuggestionKind.TEXT and one.state is SuggestionState.ACCEPTED
        if accepted_text and one.attribute in TEXTS and getattr(product, one.attribute) == one.value and one.before:
            values = one.before["values"]
            product = with_before(product, one.attribute, (one.attribute, tuple(values) if values else None))
    price = None
    if product.price_minor is not None and product.currency is not None:
        price = plain_amount(Price(product.price_minor, product.currency)), product.currency
    accepted = {one.attribute for one in decided if one.state is SuggestionState.ACCEPTED}
    offered = [
        Offered(one.attribute, one.value, one.confidence)
        for one in decided
        if one.state is SuggestionState.OPEN and one.kind is SuggestionKind.FILL
    ]
    attributes = {
        name: values
        for name, values in product.attributes.items()
        if name not in NUMBERS - {"mpn"} and name != GENERATED
    }
    return GivenListing(
        product.id,
        product.title,
        words.language,
        product.description,
        product.brand or "",
        product.category,
        attributes,
        price,
        makers=words.makers,
        common=words.common,
        accepted=frozenset(accepted),
        offered=offered,
    )


def facts_of(
    store: Store, products: Sequence[Product], words: TitleWords, *, without: Collection[int] = ()
) -> Mapping[str, FactSheet]:
    """Each product's facts, by its id. `without`: numbers of suggestions that are being taken back."""
    decided: defaultdict[str, list[Suggestion]] = defaultdict(list)
    for one in store.suggestions.about([product.id for product in products]):
        if one.number not in without:
            decided[one.product_id].append(one)
    return {product.id: known(listing_of(product, words, decided[product.id])) for product in products}
