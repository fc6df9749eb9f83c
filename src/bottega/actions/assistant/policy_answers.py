"""Answers from the merchant's rules: the passage of their own file, quoted, with its heading as the source."""

from __future__ import annotations

from pathlib import Path

from bottega.actions.assistant.fact_shapes import AnswerSource, FactAnswer, Statement
from bottega.errors import SourceUnreadable
from bottega.languages.writing import writing
from bottega.models.dialogue.asked_words import asked_words
from bottega.models.dialogue.commands import Command
from bottega.models.dialogue.rules import RuleSection, rule_for, rules_in, topics_of
from bottega.models.wording.clauses import language_of
from bottega.shop.open_shop import OpenShop

__all__ = ["answer_from_rules", "rules_of"]

BYTES_MOST = 1_000_000


def rules_of(shop: OpenShop) -> tuple[RuleSection, ...]:
    """The merchant's rules as they stand in their file now; none where there is no file.

    Raises `SourceUnreadable` for one that cannot be read.
    """
    path: Path = shop.folder.root / shop.settings.policies if shop.settings.policies else Path()
    if not shop.settings.policies or not path.is_file():
        return ()
    try:
        raw = path.read_bytes()[:BYTES_MOST]
        return rules_in(raw.decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise SourceUnreadable(
            f"The shop's rules {path} cannot be read: {error}.",
            allowed="A Markdown file in UTF-8 (the setting `policies`).",
            next_step="Save it as UTF-8, or correct the setting.",
        ) from error


def answer_from_rules(shop: OpenShop, command: Command, language: str) -> FactAnswer:
    """What the shop's rules say of delivery, returns, payment, hours; of an order of one's own, that it is not seen
    here. Raises `SourceUnreadable`."""
    asked = asked_words(language)
    rules = rules_of(shop)
    named = topics_of(command.words, (asked.language,))
    topic = command.about or max(named, key=lambda one: named[one], default="")
    found = rule_for(command.words, command.about, asked.language, rules)
    own = topic == "status"
    if found is None:
        lead = asked.said("own_order") if own else asked.said("policy.unsaid")
        return FactAnswer(f"{lead} {asked.said('person')}", (), False, asked.language, offers_person=True, key=topic)
    written_in = language_of(found.passage)
    quote = writing(asked.language).quotes.replace("{}", found.passage)
    text = asked.said("policy", heading=found.heading, quote=quote)
    if written_in != asked.language:
        text = f"{asked.said('policy.language')} {text}"
    if own:
        text = f"{asked.said('own_order')} {text}"
    source = AnswerSource("policy", place=found.heading, said=found.passage)
    return FactAnswer(
        text, (Statement(text, topic, (found.passage,), (source,)),), True, asked.language, offers_person=own, key=topic
    )
