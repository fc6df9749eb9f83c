"""The passage of the merchant's rules that a question is about, whatever the language of either."""

from __future__ import annotations

import pytest

from bottega.models.dialogue.rules import rule_for, rules_in

RULES = """Nothing here <!-- a secret --> counts.

# Our shop

## Delivery and shipping costs

We ship within **Europe** in [2 to 4 days](https://shop.example/ship).

- Germany: 3.90 EUR, free from 50 EUR.
- Japan and the rest of the world: 29 EUR, by air, in ten days or so, and you pay the duties that your country takes.
- Islands: 12 EUR. What is large goes by a carrier who calls you before, and carries it up to the second floor.

Returns
-------

Within 30 days, unused.

## Opening hours

Monday to Friday, 9:00 to 17:00.
"""


def test_a_text_becomes_sections_and_passages() -> None:
    rules = rules_in(RULES)
    assert [one.heading for one in rules] == ["Delivery and shipping costs", "Returns", "Opening hours"]
    assert rules[0].passages[:2] == ("We ship within Europe in 2 to 4 days.", "Germany: 3.90 EUR, free from 50 EUR.")
    assert "secret" not in str(rules)


@pytest.mark.parametrize(
    ("language", "question", "heading", "holds"),
    [
        ("en", "how long does delivery take?", "Delivery and shipping costs", "2 to 4 days"),
        ("en", "do you ship to Japan?", "Delivery and shipping costs", "Japan"),
        ("en", "can I send it back?", "Returns", "30 days"),
        ("de", "Kann ich das zurückgeben?", "Returns", "30 days"),
        ("fr", "Quels sont vos horaires ?", "Opening hours", "9:00"),
        ("es", "¿Cuánto cuesta el envío?", "Delivery and shipping costs", ""),
        ("it", "posso fare un reso?", "Returns", "30 days"),
    ],
)
def test_a_question_finds_its_passage(language: str, question: str, heading: str, holds: str) -> None:
    found = rule_for(question, "", language, rules_in(RULES))
    assert found is not None
    assert found.heading == heading
    assert holds in found.passage


@pytest.mark.parametrize("question", ["can I pay with PayPal?", "do you wrap gifts?", "what is your phone number?", ""])
def test_what_no_section_is_about_was_not_said(question: str) -> None:
    assert rule_for(question, "", "en", rules_in(RULES)) is None


def test_the_topic_of_the_reader_stands_in_where_the_words_name_none() -> None:
    found = rule_for("when could I come by?", "hours", "en", rules_in(RULES))
    assert found is not None
    assert found.heading == "Opening hours"
