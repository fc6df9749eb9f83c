"""What may be said instead of a finished sentence, and what may not."""

from __future__ import annotations

import pytest

from bottega.actions.assistant.reworded import may_be_reworded, why_not
from bottega.languages.talking import talking, talking_languages

FOUND = "I found 9 for “table lamps”, from €30.00."
FACT = "The material is linen, the width 30 cm."
KEPT = ("table lamps", "€30.00", "linen", "30 cm")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (FOUND, "We have 9 for “table lamps”, starting from €30.00."),
        (FOUND, "9 results for “table lamps”, the cheapest costs €30.00!"),
        (FACT, "Its material is linen; it has this width: 30 cm."),
        ("Which colour shall it be?", "What color should it be?"),
        ("There are 9 for “table lamps”.", "We have found 9 “table lamps” for you."),
    ],
)
def test_the_same_in_other_words(before: str, after: str) -> None:
    assert why_not(before, after, "en", KEPT) == ""


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        (FOUND, "I found 9 for “table lamps”, from €29.00.", "it has ['“table lamps”']"),
        (FOUND, "I found some for “table lamps”, from €30.00.", "numbers"),
        (FOUND, "I found 9 and 9 for “table lamps”, from €30.00.", "numbers"),
        (FOUND, "From €30.00 there are 9 for “table lamps”.", "it has ['€30.00'"),
        (FOUND, "I found nine for “table lamps”, from €30.00.", "numbers"),
        (FOUND, "I found 9 for “table lamps”, up to €30.00.", "something else"),
        (FOUND, "I found 9 for “table lamps” for €30.00.", "from: it says something else"),
        (FOUND, "I found 9 for “table lamps” or “Luna 8”, from €30.00.", "Luna 8"),
        (FOUND, "I found 9 for “table lamps” by Gucci, from €30.00.", "gucci"),
        (FOUND, "I found 9 great for “table lamps”, from €30.00.", "great"),
        (FOUND, "I found 9 waterproof for “table lamps”, from €30.00.", "waterproof"),
        (FOUND, "I can't find 9 for “table lamps”, from €30.00.", "something else"),
        (FOUND, "I found no 9 for “table lamps”, from €30.00.", "denies"),
        (FOUND, "Yes, I found 9 for “table lamps”, from €30.00.", "affirms"),
        (FOUND, "I found 9 for <b>“table lamps”</b>, from €30.00.", "signs"),
        (FOUND, "I found 9 for [“table lamps”], from €30.00.", "signs"),
        (FOUND, "See shop.it: 9 for “table lamps”, from €30.00.", "signs"),
        (FOUND, "I found 9 for “table lamps”, from €30.00, me@you.", "signs"),
        (FOUND, "I found 9 for “table lamps”, from €30.00 \u202e", "signs"),
        (FOUND, "I found 9 for “table lamps”, from €30.00 ½.", "numbers"),
        (FOUND, "I found 9 for “table lamps”, from €30.00. See. Look.", "more sentences"),
        (FOUND, "Did I find 9 for “table lamps”, from €30.00?", "question"),
        (FOUND, "We Have 9 for “table lamps”, from €30.00.", "as a name"),
        (FOUND, "Ich habe 9 für “table lamps” gefunden, ab €30.00.", "something else"),
        (FOUND, FOUND + " " + "And " * 12, "characters"),
        (FACT, "The material is linen, the length 30 cm.", "length"),
        (FACT, "Linen and 30 cm is what it is, for you.", "it has ['30 cm']"),
    ],
)
def test_neither_more_nor_less_nor_something_else(before: str, after: str, reason: str) -> None:
    assert reason in why_not(before, after, "en", KEPT)


def test_who_denies_or_affirms_is_not_reworded() -> None:
    assert may_be_reworded(FOUND, "en", KEPT)
    for text in ("Yes, it is linen.", "No, it is cotton.", "The listing does not say that.", "We have none of that."):
        assert not may_be_reworded(text, "en")
    assert may_be_reworded("Per «lampade» ne ho trovati 9.", "it") and not may_be_reworded("né questo", "it")
    assert not may_be_reworded("linen: €30.00", "en", KEPT), "nothing but what must stand"


@pytest.mark.parametrize("language", talking_languages())
def test_each_language_can_say_what_it_found_in_its_own_other_words(language: str) -> None:
    """Of the ways in which a language says what it found, each may be said as it is."""
    kept = ("lamps", "€30.00")
    for name in ("found.all", "similar", "suggest", "ask.colour"):
        for way in talking(language).ways[name]:
            text = way.format(wish="lamps", n="9", price="€30.00", title="lamps", label="lamps")
            assert why_not(text, text, language, kept) == ""
            assert why_not(text, text + " 7", language, kept)


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [
        (
            "de",
            "Zu „Lampen“ gibt es 9; das günstigste kostet 30,00 €.",
            "Für „Lampen“ habe ich 9 gefunden, ab 30,00 €.",
        ),
        (
            "fr",
            "J’en ai trouvé 9 pour « l », à partir de 30,00 €.",
            "Voici 9 résultats pour « l », à partir de 30,00 €.",
        ),
        ("es", "He encontrado 9 para «l», desde 30,00 €.", "Tenemos 9 opciones para «l», desde 30,00 €."),
        ("it", "Per «l» ne ho trovati 9, da 30,00 €.", "Ecco 9 risultati per «l», da 30,00 €."),
    ],
)
def test_other_words_in_other_languages(language: str, before: str, after: str) -> None:
    assert may_be_reworded(before, language)
    assert why_not(before, after, language, ("30,00 €",)) == ""


@pytest.mark.parametrize(
    ("language", "word"), [("de", "prima"), ("fr", "parfait"), ("es", "genial"), ("it", "ottimo"), ("en", "great")]
)
def test_praise_is_a_claim(language: str, word: str) -> None:
    assert word in why_not("9: “lamps”, €30.00.", f"9 {word}: “lamps”, €30.00.", language)
