"""Stems: what the forms of a word have in common, by the Snowball rules of five languages.

Source   Porter 2001, "Snowball: a language for stemming algorithms"; the library PyStemmer.
"""

from __future__ import annotations

import re
import threading
from functools import lru_cache

import Stemmer  # type: ignore[import-not-found,unused-ignore]

__all__ = ["LANGUAGES", "stem", "stems"]

LANGUAGES = {"en": "english", "de": "german", "fr": "french", "es": "spanish", "it": "italian"}
"""Code of each language, and its name among the stemmers."""
_PLAIN = 3
"""Words of so few letters are their own stem."""

_mine = threading.local()


_BRITISH = {
    "fertilise": "fertilize",
    "memorise": "memorize",
    "colour": "color",
    "favour": "favor",
    "flavour": "flavor",
    "honour": "honor",
    "humour": "humor",
    "labour": "labor",
    "neighbour": "neighbor",
    "odour": "odor",
    "harbour": "harbor",
    "vapour": "vapor",
    "grey": "gray",
    "jewellery": "jewelry",
    "jeweller": "jeweler",
    "aluminium": "aluminum",
    "tyre": "tire",
    "pyjama": "pajama",
    "centre": "center",
    "fibre": "fiber",
    "litre": "liter",
    "metre": "meter",
    "yoghurt": "yogurt",
    "woollen": "woolen",
    "cosy": "cozy",
    "doughnut": "donut",
    "mould": "mold",
    "plough": "plow",
    "catalogue": "catalog",
    "travelling": "traveling",
    "labelling": "labeling",
    "moustache": "mustache",
    "cheque": "check",
}
"""Words that are spelt otherwise in Britain, without what follows."""
_BRITISH_START = re.compile(f"^({'|'.join(_BRITISH)})")
_BRITISH_VERB = re.compile(
    r"^(organ|moistur|personal|custom|steril|tender|util|final|special|oxid|vapor|deodor|neutral)is(?=e|i)"
)


_IRREGULAR = {
    "en": "knives knife, scarves scarf, shelves shelf, mice mouse, feet foot, children child, women woman, "
    "leaves leaf, cacti cactus, teeth tooth, geese goose, calves calf, halves half, wolves wolf, wives wife, "
    "loaves loaf, thieves thief, fungi fungus, terraria terrarium, aquaria aquarium, dwarves dwarf, hooves hoof, "
    "bookshelves bookshelf, oxen ox",
    "de": "kakteen kaktus, globen globus, alben album, konten konto, rhythmen rhythmus, atlanten atlas, museen museum",
    "fr": "cheveux cheveu, jeux jeu, stylos stylo, yeux oeil, cieux ciel, travaux travail, emaux email",
    "es": "",
    "it": "uomini uomo, paia paio, lenzuola lenzuolo, uova uovo, ginocchia ginocchio, braccia braccio",
}
"""Plurals that no rule makes, each before its singular."""
_SINGULAR = {
    language: dict(pair.split(" ") for pair in pairs.split(", ") if pair) for language, pairs in _IRREGULAR.items()
}
_SPANISH_Z = re.compile(r"(?<=[aeiou])ces$")
"""The plural of words in -z: "lápices"."""


def _regular(word: str, language: str) -> str:
    """A plural that the rules do not know, as its singular."""
    if language == "es":
        return _SPANISH_Z.sub("z", word)
    return _SINGULAR[language].get(word, word)


def _american(word: str) -> str:
    """How a British spelling is written in America: one word, one stem."""
    word = _BRITISH_START.sub(lambda found: _BRITISH[found[1]], word)
    return _BRITISH_VERB.sub(r"\1iz", word)


@lru_cache(200_000)
def stem(word: str, language: str) -> str:
    """The stem of a folded word in one language."""
    if len(word) <= _PLAIN or not word.isalpha():
        return word
    word = _regular(word, language)
    if len(word) <= _PLAIN:
        return word
    if language == "en":
        word = _american(word)
    made = _mine.__dict__.setdefault("made", {})
    if language not in made:
        made[language] = Stemmer.Stemmer(LANGUAGES[language])
    found: str = made[language].stemWord(word)
    return found


def stems(word: str, languages: tuple[str, ...]) -> list[str]:
    """Its stems in some languages, each once."""
    return list(dict.fromkeys(stem(word, language) for language in languages))
