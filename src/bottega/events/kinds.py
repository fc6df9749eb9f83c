"""Kinds of events as one merchant names them: what `--kinds` said, the table of aliases, and a proposal for the rest.

`transaction=purchase,look=view,heartbeat=ignore`: a name of theirs, and one of our kinds or of another vocabulary;
`ignore` sets it aside. A name that neither they nor the table (aliases.py) explain is never guessed at: it is listed,
with how often it came and what it probably means, and the merchant says it once.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bottega.errors import MappingInvalid
from bottega.events.aliases import ALIASES, compact, kind_of, normalised, set_aside
from bottega.names import EventKind

__all__ = ["IGNORE", "KindWords", "parse_kinds", "proposal"]

IGNORE = "ignore"
"""What `--kinds` calls an event of no interest."""

_STEMS: tuple[tuple[str, EventKind], ...] = (
    (r"refund|return|cancel|chargeback|storno|rembours|devol|reso\b", EventKind.REFUND),
    (r"(remov|deletion|delete|drop|minus).*(cart|basket|bag|korb|panier|carrito)", EventKind.REMOVE_FROM_CART),
    (r"(cart|basket|bag|korb|panier|carrito).*(remov|deletion|delete|drop|minus)", EventKind.REMOVE_FROM_CART),
    (r"cart|basket|\bbag\b|korb|panier|carrito|carrello|koszyk", EventKind.ADD_TO_CART),
    (r"(^|_)tr(y|ied)_?on(_|$)|(^|_)dressing|fitting_?room|anprob|essayage|probador|camerino", EventKind.TRY_ON),
    (r"wish|fav|like|heart|bookmark|save|merk|liste_?env", EventKind.WISHLIST),
    (r"purchas|order|transact|buy|bought|paid|payment|checkout|sale\b|sold|conversion", EventKind.PURCHASE),
    (r"kauf|achat|compr|zakup", EventKind.PURCHASE),
    (r"search|query|such|recherch|busc|szuk", EventKind.SEARCH),
    (r"review|rating|rate|star|bewert|avis", EventKind.RATE),
    (r"impress|shown|display|list", EventKind.IMPRESSION),
    (r"click|select|tap|clic", EventKind.CLICK),
    (r"view|detail|visit|look|watch|read|browse|ansicht|vue|vista|see", EventKind.VIEW),
)  # fmt: skip
_STEM_KINDS = tuple((re.compile(stem), kind) for stem, kind in _STEMS)
_NEAR = 0.8


@dataclass(frozen=True, slots=True)
class KindWords:
    """Names of events: what a merchant said of some, and the table for all others."""

    said: Mapping[str, EventKind | None] = field(default_factory=dict)
    """Name in its compact form -> its kind; None: of no interest."""

    def kind(self, name: str) -> EventKind | None:
        """The kind that a name means, or None."""
        key = compact(name)
        return self.said[key] if key in self.said else kind_of(name)

    def said_of(self, name: str) -> bool:
        """Whether the merchant said what a name means."""
        return compact(name) in self.said

    def aside(self, name: str) -> bool:
        """Whether a name is one we know and have no use for."""
        key = compact(name)
        return self.said[key] is None if key in self.said else set_aside(name)


def parse_kinds(given: Mapping[str, str] | str | None) -> KindWords:
    """The names in `theirs=ours,...`, or in an object of the same pairs. Raises `MappingInvalid`."""
    pairs = given.items() if isinstance(given, Mapping) else _pairs(given or "")
    said: dict[str, EventKind | None] = {}
    for name, word in pairs:
        kind = kind_of(word)
        if not compact(name) or (kind is None and normalised(word) != IGNORE):
            raise MappingInvalid(
                f"--kinds holds {name}={word}.",
                allowed=f"Kinds are: {', '.join(EventKind)}, and {IGNORE} for events of no interest.",
                next_step="Write the name in the file, then the kind, as in --kinds addtocart=add_to_cart.",
            )
        said[compact(name)] = kind
    return KindWords(said)


def proposal(name: str) -> EventKind | None:
    """What an unknown name probably means, by its stem or a name close to it; None where nothing speaks for a kind."""
    words = normalised(name)
    for stem, kind in _STEM_KINDS:
        if stem.search(words):
            return kind
    near = difflib.get_close_matches(compact(name), _COMPACT, n=1, cutoff=_NEAR)
    return kind_of(near[0]) if near else None


_COMPACT = tuple(dict.fromkeys(compact(alias.name) for alias in ALIASES))


def _pairs(text: str) -> list[tuple[str, str]]:
    found = []
    for pair in text.split(","):
        if pair.strip():
            name, sign, word = pair.rpartition("=")
            if not sign:
                name, word = pair, ""
            found.append((name.strip(), word.strip()))
    return found
