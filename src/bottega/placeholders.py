"""Words that stand where nothing was known: "NULL" for a brand, "undefined" for a shopper, 0 for a parent.

Exports write them, and scripts send them, where a value should have been left out. Taken as values they make one of
what is many: strangers become one shopper, a catalogue becomes one group of variants. One list for every door.

A word is compared without regard to case, outer blanks, quotes and brackets, and `_` and `-` count as blanks.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from bottega.unsaid_words import NAMED_BY_WORDS, NONE_OF_IT, UNSAID_OF, UNSAID_WORDS

__all__ = [
    "EMPTY_WORDS",
    "NOBODY_WORDS",
    "names_no_group",
    "names_nobody",
    "says_nothing",
    "says_nothing_of",
]

EMPTY_WORDS = frozenset(
    {
        "null", "nil", "none", "nan", "nat", "undefined", "n/a", "na", "n.a.", "#n/a", "\\n", "not set", "notset",
        "not provided", "not applicable", "no value", "nullptr", "void 0", "void(0)",
    }
)  # fmt: skip
"""Not a value of anything: the words for "nothing" of programming languages, databases, spreadsheets and analytics."""

NOBODY_WORDS = frozenset(
    {
        "anonymous", "anonymous user", "anon", "guest", "guest user", "unknown", "unknown user", "unidentified",
        "nobody", "not authenticated", "unauthenticated", "not logged in", "logged out", "true", "false", "object",
    }
)  # fmt: skip
"""And nobody's name besides: what shops and trackers write for a visitor who is not logged in, a test that came out
true or false instead of an id. The name of a field instead of its content is known by its form (`_FIELD`)."""

_WITHOUT = frozenset({"no", "without", "select", "choose", "select a", "choose a", "please select", "please choose"})

_FIELD = re.compile(
    r"(?:shopper|user|customer|client|visitor|session|device|cookie|anonymous|distinct|member|account|profile|person"
    r"|contact|event|message|external|guest|login|logged in user|current user|ga)?"
    r" ?(?:id|uid|uuid|guid|identifier|pseudo id|id hash)"
)
"""The name of a field in the place of its content, whoever named it."""
_MISSING = frozenset({"null", "undefined", "none", "nullptr"})
_BETWEEN = re.compile(r"\s+[-–/]\s+|\s*[|,;>]\s*")
_PARTS = re.compile(r"[\s|,;:/.+~&_-]+")
_WORKSHEET = re.compile(
    r"#[¡¿]?(?:[^\W\d_]+(?:/0)?|n/[abcdvt])[?!]+|#(?:n/?[abdv]|i/t|н/д|ref|value|name|error|spill|calc|saknas|yok|hiányzik|"
    r"není_k_dispozici|puuttuu!?|doldu|добавить)[?!]?|err:0+"
)
"""What a spreadsheet writes where a formula failed, whatever its language: #WERT!, #¡VALOR!, #ДЕЛ/0!, #NV."""
_COOKIE = re.compile(r"(?:_?ga|gs|fb|amp)\d?(?:\.\d+)*\.(?:undefined|null|nan)")
"""A tracker's cookie around an id that was not there: GA1.1.undefined."""
_WRAPS = "()[]<>{}\"'`"
_SCRIPT = re.compile(r"\[object\s+\w+\]|function\b.*|promise|symbol\(.*\)", re.IGNORECASE | re.DOTALL)
"""What JavaScript makes of a thing that is no text."""
_UNFILLED = re.compile(
    r"\{\{.*\}\}|\{%.*%\}|\$\{.*\}|<%.*%>|%%.*%%|\{\w+\}|\$\w+\$"
    r"|%[a-z_][a-z_ .-]*%|<[a-z_][a-z_ .-]*>|#\{.*\}|\*\|.*\|\*|\[%.*%\]|%\([a-z_]+\)s|\[\[.*\]\]",
    re.DOTALL,
)
"""A hole of a template that nobody filled, where a person's id should be."""
_HOLE = re.compile(
    r"\{\{.*\}\}|\{%.*%\}|\$\{.*\}|<%.*%>|%%.*%%|%[a-z_][a-z_.]*%|#\{.*\}|\*\|.*\|\*|\[%.*%\]|%\([a-z_]+\)s|\[\[.*\]\]",
    re.DOTALL,
)
"""The same in any field: braces alone may be meant."""
_NO_NUMBER = re.compile(r"[+-]?(?:[0.\-]*0[0.\-]*|1(?:\.0+)?)")
_ALL_ONES = re.compile(r"f{8}-?f{4}-?f{4}-?f{4}-?f{12}")
_MARKS = re.compile(r"[-–—_.?\s]*")


def says_nothing(text: str) -> bool:
    """Whether a text is empty, or a word for nothing.

    >>> [says_nothing(text) for text in ("NULL", " (not set) ", "N/A", "-", "[object Object]", "Nullo", "0")]
    [True, True, True, True, True, False, False]
    """
    return len(text) <= _LONGEST and not _TELLING.search(text) and _empty(text)


def says_nothing_of(field: str, text: str) -> bool:
    """Whether a text says nothing of this field of a product: a word for nothing, one of a form's, or "no material".

    >>> [says_nothing_of("brand", text) for text in ("NULL", "Unbranded", "sin marca", "No Brand", "Nobrando")]
    [True, True, True, True, False]
    >>> says_nothing_of("material", "no material"), says_nothing_of("color", "as shown"), says_nothing_of("size", "0")
    (True, True, False)
    """
    if len(text) > _LONGEST:
        return False
    return says_nothing(text) or (not _TELLING.search(text) and _unsaid(field, text))


def names_nobody(text: str) -> bool:
    """Whether an id of a shopper, a device or a session names nobody: says nothing, or is 0, -1 or a zero UUID.

    >>> [names_nobody(text) for text in ("undefined", "0", "-1", "00000000-0000-0000-0000-000000000000", "Guest")]
    [True, True, True, True, True]
    >>> [names_nobody(text) for text in ("ada", "1", "10", "00000000-0000-0000-0000-000000000001")]
    [False, False, False, False]
    """
    return len(text) <= _LONGEST and _nobody(text)


def names_no_group(text: str) -> bool:
    """Whether the id of a group, or of a parent product, is none: says nothing, or is 0 or -1.

    >>> [names_no_group(text) for text in ("0", "-1", "None", "", "shirt", "10")]
    [True, True, True, True, False, False]
    """
    return says_nothing_of("group", text) or _no_number(text.strip())


_LONGEST = 200
"""A longer text is no word."""
_TELLING = re.compile(r"[1-9]")
"""No word for nothing holds one of these, so most ids, prices and addresses need no closer look."""


@lru_cache(maxsize=16_384)
def _empty(text: str) -> bool:
    plain = _plain(text)
    if _MARKS.fullmatch(plain) or _SCRIPT.fullmatch(plain):
        return True
    if plain in EMPTY_WORDS or (word := _word(plain)) in EMPTY_WORDS or not word:
        return True
    return plain.rstrip(".!") in EMPTY_WORDS or _WORKSHEET.fullmatch(plain) is not None or _only(plain)


@lru_cache(maxsize=16_384)
def _unsaid(field: str, text: str) -> bool:
    plain = _plain(text)
    word = _word(plain)
    if not _UNSAID.isdisjoint((plain, word, word.rstrip(".!"))) or _HOLE.fullmatch(plain):
        return True
    if field in NAMED_BY_WORDS and word in _NONE:
        return True
    if (own := _OF.get(field)) and not own.isdisjoint((plain, word)):
        return True
    start, _, rest = word.rpartition(" ")
    return start in _WITHOUT and rest in (field.replace("_", " "), f"{field}s")


@lru_cache(maxsize=16_384)
def _nobody(text: str) -> bool:
    if _empty(text):
        return True
    plain = _plain(text)
    word = _word(plain)
    return (
        word in NOBODY_WORDS
        or _FIELD.fullmatch(_word(plain.lstrip("$:@#%&*~"))) is not None
        or _COOKIE.fullmatch(plain) is not None
        or _parted_field(plain)
        or _no_number(plain.strip(_WRAPS))
        or _ALL_ONES.fullmatch(plain.strip(_WRAPS)) is not None
        or _UNFILLED.fullmatch(plain) is not None
        or not any(mark.isalnum() or unicodedata.category(mark) == "So" for mark in plain)
    )


def _only(plain: str) -> bool:
    """Whether it is made of words for nothing alone, as in null|null."""
    bare = plain.strip(_WRAPS)
    parts = [part for part in _PARTS.split(bare) if part]
    if len(parts) > 1 and _MISSING.issuperset(parts):
        return True
    pieces = [piece for piece in _BETWEEN.split(bare) if piece]
    return len(pieces) > 1 and EMPTY_WORDS.issuperset(pieces)


def _parted_field(plain: str) -> bool:
    """A field's name before nothing, as in user_id=undefined; "undefined" is in no name of a person."""
    field, found, rest = plain.rpartition("undefined")
    return bool(found) and not rest and _FIELD.fullmatch(_word(field.rstrip("=:.|/-_ "))) is not None


def _no_number(plain: str) -> bool:
    """0, -1 or only zeros, however they are written; 1 is a number."""
    return _NO_NUMBER.fullmatch(plain) is not None and (plain.startswith("-") or "1" not in plain)


def _plain(text: str) -> str:
    """In small letters (Turkish ones without their own i), one width, without what nobody sees."""
    if text.isascii():
        return text.strip().casefold()
    text = unicodedata.normalize("NFKC", text)
    text = "".join(mark for mark in text if unicodedata.category(mark) not in ("Cf", "Cc"))
    return text.strip().casefold().replace("ı", "i").replace("i\u0307", "i")


def _word(plain: str) -> str:
    return " ".join(plain.strip(_WRAPS + " ").replace("_", " ").replace("-", " ").split())


_UNSAID = frozenset(map(_plain, UNSAID_WORDS))
_NONE = frozenset(map(_plain, NONE_OF_IT))
_OF = {field: frozenset(map(_plain, words)) for field, words in UNSAID_OF.items()}
