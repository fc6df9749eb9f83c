"""What simulated shoppers say, in five languages: a few frames, filled with what is true of a product."""

from __future__ import annotations

from bottega.languages.fold import tokens
from bottega.languages.lexicon import lexicon

__all__ = ["LANGUAGES", "line", "word_in"]

LANGUAGES = ("en", "de", "fr", "es", "it")
_LINES = {
    "en": {"first": "I am looking for {}", "more": "show me more", "color": "in {}", "brand": "from {}"},
    "de": {"first": "ich suche {}", "more": "zeig mir mehr", "color": "in {}", "brand": "von {}"},
    "fr": {"first": "je cherche {}", "more": "montrez-m'en d'autres", "color": "en {}", "brand": "de {}"},
    "es": {"first": "busco {}", "more": "enséñame más", "color": "en {}", "brand": "de {}"},
    "it": {"first": "cerco {}", "more": "mostrami altri", "color": "in {}", "brand": "di {}"},
}
_LIKE = {"en": "it should be {}", "de": "es soll {} sein", "fr": "ça doit être {}", "es": "que sea {}"}
_LIKE |= {"it": "deve essere {}"}
_PRICE = {"en": "under {}", "de": "unter {}", "fr": "moins de {}", "es": "menos de {}", "it": "meno di {}"}


def line(what: str, language: str, words: str) -> str:
    """A line of a shopper: `first`, `more`, or that a field shall be so."""
    if what == "price":
        return _PRICE[language].format(words)
    return _LINES[language].get(what, _LIKE[language]).format(words)


def word_in(words: str, language: str) -> str:
    """A value of the catalogue as a language has it, where the lists of words know it; else as it stands."""
    if language == "en":
        return words.lower()
    meant = [one for one in lexicon().means(tuple(tokens(words)), ("en",)) if not one.concept.startswith("purpose.")]
    for one in meant:
        if said := lexicon().words[one.concept].get(language):
            return " ".join(said[0])
    return words.lower()
