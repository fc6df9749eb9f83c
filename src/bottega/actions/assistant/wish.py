"""The wish: what is looked for, part by part, and how a line changes it. Pure functions.

Idea     A wish is a handful of parts, each of one field. A new part takes the place of what it contradicts and leaves
         the rest, so that nothing said earlier is lost while a talk goes on about one thing. What the shop's search is
         asked is written from the parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bottega.languages.fold import tokens
from bottega.languages.lexicon import lexicon
from bottega.models.dialogue.state import WishPart

__all__ = ["CHEAP", "KIND", "ORDER", "PRICE", "WORDS", "HeardWords", "begun", "refined", "same_thing", "search_text_of"]

KIND, PRICE, WORDS, ORDER, CHEAP = "kind", "price", "words", "order", "cheap"
"""What a part may be of, beside the fields of a catalogue. `order`: the cheapest or the dearest are wanted."""
PARTS_MOST = 40
"""Parts of a wish at most; the oldest words go first."""
TEXT_MOST = 480
"""Characters of what the search is asked."""


@dataclass(frozen=True, slots=True)
class HeardWords:
    """What the shop's search understood of some words."""

    parts: tuple[WishPart, ...] = ()
    step: str = ""
    """More or less of something that a product has: `cheaper`, `dearer`, `larger`, `smaller`, `darker`, `lighter`."""
    unknown: tuple[str, ...] = ()
    """Words that mean nothing here."""
    missing: str = ""
    """A kind of thing that the shop has none of."""

    @property
    def kind(self) -> WishPart | None:
        """The thing asked for, where one is named."""
        return next((part for part in self.parts if part.what == KIND and not part.denied), None)

    @property
    def order(self) -> str:
        """`price_up` or `price_down`, where the cheapest or the dearest are asked for."""
        return next((part.words for part in self.parts if part.what == ORDER), "")


def begun(heard: HeardWords, *, turn: int) -> tuple[WishPart, ...]:
    """A wish that is just this."""
    return refined((), heard, turn=turn)


def refined(wish: Sequence[WishPart], heard: HeardWords, *, turn: int) -> tuple[WishPart, ...]:
    """The wish, but for what was heard: each part takes the place of those it contradicts."""
    made = list(wish)
    for new in (replace(part, turn=turn) for part in heard.parts):
        if new.what == KIND and not new.denied and any(_is_narrower(old, new) for old in made):
            continue  # "any other shoes?" leaves the running shoes
        made = [old for old in made if not _gives_way(old, new, turn)]
        made.append(new)
    while len(made) > PARTS_MOST:
        made.remove(next((part for part in made if part.what == WORDS), made[0]))
    return tuple(made)


def _gives_way(old: WishPart, new: WishPart, turn: int) -> bool:
    """Whether an older part cannot stand beside a new one."""
    if _same_words(old, new):
        return True
    if old.what != new.what or new.what == WORDS or old.turn == turn:
        return False  # of one line all parts stand: "red or blue", "not red, not blue"
    return not (new.denied or old.denied)  # "not leather" leaves "not nylon", and "cotton" leaves "not leather"


def _is_narrower(old: WishPart, new: WishPart) -> bool:
    return old.what == KIND and not old.denied and _stems(old.words) > _stems(new.words) > frozenset()


def _same_words(one: WishPart, other: WishPart) -> bool:
    return _stems(one.words) == _stems(other.words) and bool(_stems(one.words))


def same_thing(one: str, other: str) -> bool:
    """Whether two names of kinds are of one thing, or one is a kind of the other.

    >>> [same_thing("bike", "road bike"), same_thing("dress", "dresses"), same_thing("dress", "lamp")]
    [True, True, False]
    """
    mine, others = _stems(one), _stems(other)
    if mine and others and (mine <= others or others <= mine):
        return True
    here, there = _concepts(one), _concepts(other)
    return bool(here & there) or any(up in there for up in _above(here)) or any(up in here for up in _above(there))


def _concepts(words: str) -> set[str]:
    return {one.concept for one in lexicon().means(tuple(tokens(words)))}


def _above(concepts: Iterable[str]) -> set[str]:
    """What is broader than any of these, however remote."""
    found: set[str] = set()
    for one in concepts:
        while (one := lexicon().broader.get(one, "")) and one not in found:
            found.add(one)
    return found


def _stems(words: str) -> frozenset[str]:
    from bottega.languages.stems import LANGUAGES, stem

    return frozenset(min(stem(word, language) for language in LANGUAGES) for word in tokens(words))


_WITHOUT = {"de": "ohne", "es": "sin", "fr": "sans", "it": "senza"}

_SIZED = {"de": "Größe", "es": "talla", "fr": "taille", "it": "taglia"}
_SIZE_LETTERS = frozenset("sml")


def search_text_of(wish: Sequence[WishPart], language: str) -> str:
    """What the shop's search is asked for a wish: newest parts are kept where all of it is too long.

    >>> search_text_of((WishPart("kind", "dress"), WishPart("colour", "red"), WishPart("price", "under 80")), "en")
    'red dress under 80'
    >>> search_text_of((WishPart("kind", "dress"), WishPart("size", "L")), "en")
    'size L dress'
    """
    wanted = [part for part in wish if part.what not in (KIND, PRICE, ORDER) and not part.denied]
    kinds = [part for part in wish if part.what == KIND and not part.denied]
    prices = [part.words for part in wish if part.what == PRICE][-1:]
    without = _WITHOUT.get(language, "without")
    denied = [f"{without} {part.words}" for part in wish if part.denied]
    first = kinds if language in ("es", "fr", "it") else []
    last = [] if first else kinds
    fixed = [*denied, *prices]
    wanted = [_sized(part, language) for part in wanted]
    room = TEXT_MOST - sum(len(one) + 1 for one in [*fixed, *(part.words for part in kinds)])
    kept: list[str] = []
    for part in reversed(wanted):
        if (room := room - len(part.words) - 1) < 0:
            break
        kept.insert(0, part.words)
    return " ".join([*(part.words for part in first), *kept, *(part.words for part in last), *fixed])


def _sized(part: WishPart, language: str) -> WishPart:
    """A size of one letter with the word for sizes before it: alone it would be part of the next word."""
    if part.what != "size" or part.words.lower() not in _SIZE_LETTERS:
        return part
    return replace(part, words=f"{_SIZED.get(language, 'size')} {part.words}")
