"""What the studio does not do: change the race, the ethnicity or the colour of skin of a person.

Idea     Words are read before any model sees them. What names race, ethnicity or skin is refused, and so is a word of
         descent, or of a colour, that qualifies a person ("an Asian model", "make her white", "un homme noir"). Words
         that qualify a product stay: an ethnic kurta, African prints, a black dress for women, a bag of brown skin.
Serves   English, German, French, Spanish and Italian, all at once: nobody says which language a prompt is in.
Differs  No model: who is refused sees the words that did it. What the lists do not know is not seen.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from bottega.errors import EditRefused
from bottega.languages.fold import fold
from bottega.languages.lexicon import lexicon
from bottega.languages.people_words import PEOPLE, PeopleWords, words_of

__all__ = ["is_race", "race_words", "refuse_race"]

_WORD = re.compile(r"[^\W\d_]+")
_OWNER = re.compile(r"['’`´]s?\b")
_TWO_WORDS = re.compile(r"\bafr(?:o|ican)[ -]american")
_SKIN_REACH = 3
"""Words between skin and what is said of it."""
_PROXIES = """
nationality nationalitat nationalite nacionalidad nazionalita ancestry descent abstammung ascendance ascendencia origin
herkunft origine origen melanin pigmentation
"""
"""Attributes that stand for race in tables of faces."""


def refuse_race(text: str) -> None:
    """Raise `EditRefused` where words ask for the race, ethnicity or skin colour of a person.

    Every verb that takes words for a picture calls it before anything else.
    """
    words = race_words(text)
    if words:
        raise EditRefused(
            f"{words!r} asks for the race, ethnicity or colour of skin of a person.",
            allowed="The studio never changes these. It changes products, and of people the colour of their hair.",
            next_step="Leave these words out; where a product's colour is meant, name the product with it: "
            "'black dress for women'.",
        )


def race_words(text: str) -> str:
    """The words of a text that ask for it, folded; "" where none do.

    >>> race_words("a Black woman in a red dress"), race_words("black dress for women"), race_words("change her race")
    ('black woman', '', 'race')
    """
    words = tuple(_WORD.findall(_OWNER.sub(" ", _TWO_WORDS.sub("afroamerican", fold(text)))))
    for place in range(len(words)):
        for said in PEOPLE.values():
            if length := _asks(words, place, said):
                return " ".join(words[place : place + length])
    return ""


def is_race(name: str) -> bool:
    """Whether the name of an attribute of people is race, ethnicity, colour of skin, or stands for one.

    >>> [is_race(name) for name in ("race", "Pale_Skin", "is_asian", "white", "Black_Hair", "smile")]
    [True, True, True, True, False, False]
    """
    words = _WORD.findall(fold(name).replace("_", " "))
    for said in PEOPLE.values():
        told = words_of(
            f"{said.race} {said.ethnicity} {said.ethnic} {said.skin} {said.skin_colour} {said.descent} {_PROXIES}"
        )
        if not told.isdisjoint(words) or (len(words) == 1 and words[0] in words_of(said.colours)):
            return True
    return False


def _asks(words: Sequence[str], place: int, said: PeopleWords) -> int:
    """How many words from `place` on ask for it in one language; 0 where these do not."""
    word, after = words[place], words[place + 1 : place + 2]
    if word in words_of(said.ethnicity):
        return 1
    if word in words_of(said.ethnic):
        before = words[place - 1 : place] if said.behind else after
        named = {*before, *after} & words_of(f"{said.origin} {said.one} {said.many}")
        return 1 if named else 0
    if word in words_of(f"{said.race} {said.skin_colour}"):
        return int(not _of_a_product(words, said))
    if word in words_of(said.skin):
        near = words[max(0, place - _SKIN_REACH) : place + _SKIN_REACH + 1]
        shaded = words_of(f"{said.shades} {said.colours} {said.descent}")
        return int(not shaded.isdisjoint(near) and not _of_a_product(words, said))
    if word in words_of(said.somebody) and len(words) == place + 2:  # "make her black dress longer" goes on
        return 2 if after[0] in words_of(f"{said.descent} {said.colours}") else 0
    return _qualified(words, place, said)


def _qualified(words: Sequence[str], place: int, said: PeopleWords) -> int:
    """2 where a word of descent or colour stands beside a person here, and no product is meant by the two."""
    pair = words[place : place + 2]
    if len(pair) == 2:
        person, quality = pair if said.behind else (pair[1], pair[0])
        descent = quality in words_of(said.descent) and person in words_of(f"{said.one} {said.many}")
        if descent or (quality in words_of(said.colours) and person in words_of(said.one)):
            before = words[place - 1 : place]
            if _is_kind(words[place + 2 : place + 4]):
                return 0  # "black woman dress"
            if before and before[0] in words_of(f"{said.articles} {said.somebody}"):
                return 2
            if before and before[0] in words_of(said.purpose) and not descent:
                return 0
            return 0 if any(_is_kind(words[at : at + 2]) for at in range(place)) else 2  # "chaussures homme noir"
    ends = place == len(words) - 1 and place > 0 and words[place] in words_of(said.descent)
    if ends and words[place - 1] in words_of(f"{said.articles} {said.one} look looks"):
        return int(not _of_a_product(words, said))  # "as an african", "make the model asian"
    return 0


def _of_a_product(words: Sequence[str], said: PeopleWords) -> bool:
    """Whether words name a product, and nobody whose skin it could be, nor a change of it."""
    if not words_of(f"{said.somebody} {said.changes}").isdisjoint(words):
        return False
    for_whom = words_of(said.purpose)
    people = words_of(said.one) - {"model", "modelo", "face", "visage", "viso", "cara", "gesicht", "bebe", "baby"}
    for place, word in enumerate(words):
        if word in people and not (place and words[place - 1] in for_whom):
            return False
    skin = words_of(said.skin)
    return any(_is_kind(words[place : place + 2]) for place in range(len(words)) if words[place] not in skin)


def _is_kind(words: Sequence[str]) -> bool:
    """Whether a word, or with the next one, names a kind of product; no article does ("the" is French tea, folded)."""
    if words and words[0] in _articles():
        return False
    return any(_names_kind(tuple(words[:length])) for length in range(1, len(words) + 1))


@lru_cache(1)
def _articles() -> frozenset[str]:
    return words_of(" ".join(said.articles for said in PEOPLE.values()))


@lru_cache(20_000)
def _names_kind(words: tuple[str, ...]) -> bool:
    """Words as they are listed, or with the sign of a plural: a stem of three letters would name too much."""
    listed = lexicon().words
    plain = tuple(word.removesuffix("s") for word in words)
    return any(
        one.concept.startswith("kind.")
        and any(tuple(word.removesuffix("s") for word in usual) == plain for usual in listed[one.concept][one.language])
        for one in lexicon().means(words)
    )
