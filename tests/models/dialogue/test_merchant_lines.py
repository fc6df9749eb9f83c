"""A merchant's lines: what they ask for, in which language, with which slots; what fits nothing is unsure."""

from __future__ import annotations

import pytest

from bottega.languages.talking import said_in, talking_languages
from bottega.models.dialogue.merchant_lines import MERCHANT_INTENTS, read_merchant_line


@pytest.mark.parametrize(
    ("text", "language", "intent"),
    [
        ("which listings lack a size?", "en", "lacking"),
        ("welche Produkte haben schlechte Fotos", "de", "photos"),
        ("qu'ont cherché les clients sans rien trouver", "fr", "unfound"),
        ("qué preguntas de los clientes están sin responder", "es", "asked"),
        ("che cosa si è venduto meglio la settimana scorsa", "it", "sold"),
        ("delete all products now", "en", "unsure"),
        ("", "en", "unsure"),
    ],
)
def test_lines_are_read(text: str, language: str, intent: str) -> None:
    read = read_merchant_line(text)
    assert (read.language, read.intent) == (language, intent)


def test_slots_are_read() -> None:
    read = read_merchant_line("describe the ten best sellers in German")
    assert (read.intent, read.count, read.target) == ("describe", 10, "de")
    assert read_merchant_line("show me the 5 best sellers of last week").days == 7
    assert read_merchant_line("the 5 best sellers").count == 5
    read = read_merchant_line("Beantworte die Frage zur Spülmaschine mit „ja, bis 60 Grad“.")
    assert (read.intent, read.slots) == ("answer", {"topic": "Spülmaschine", "answer": "ja, bis 60 Grad"})
    read = read_merchant_line('"sneakz" means "sports shoes"')
    assert read.slots == {"word": "sneakz", "means": "sports shoes"}


@pytest.mark.parametrize("code", talking_languages())
def test_every_language_has_all_sentences_and_cues(code: str) -> None:
    ways = said_in("merchant", code).ways
    assert set(ways) == set(said_in("merchant", "en").ways)
    assert all(ways[name] for name in ways) and {f"cues.{name}" for name in MERCHANT_INTENTS} <= set(ways)
    assert all(read_merchant_line(line).intent != "unsure" for line in ways["can"])
