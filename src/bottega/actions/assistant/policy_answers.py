"""Answers from the merchant's rules: the passage of their own file, quoted, with its heading as the source."""

from __future__ import annotations

from bottega.actions.assistant.fact_shapes import AnswerSource, FactAnswer, Statement
from bottega.errors import SourceUnreadable
from bottega.languages.writing import writing
from bottega.models.dialogue.asked_words import asked_words
from bottega.models.dialogue.commands import Command
from bottega.models.dialogue.rules import RuleSection, rule_for, rules_in, topics_of
from bottega.models.wording.clauses import language_of
from bottega.shop.files import shared_of
from bottega.shop.open_shop import OpenShop

__all__ = ["answer_from_rules", "rules_of"]

BYTES_MOST = 1_000_000


def rules_of(shop: OpenShop) -> tuple[RuleSection, ...]:
    """The merchant's rules as they stand in their file now; none where there is no file.

    In a bucket they count for every machine; where none are there, those in this machine's folder do. Raises
    `SourceUnreadable` for a file that cannot be read, `FilesUnavailable`.
    """
    path = shop.folder.root / shop.settings.policies
    try:
        raw = _of_bucket(shop)
        if raw is None:
            if not shop.settings.policies or not path.is_file():
                return ()
            raw = path.read_bytes()
        return rules_in(raw[:BYTES_MOST].decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise SourceUnreadable(
            f"The shop's rules {path} cannot be read: {error}.",
            allowed="A Markdown file in UTF-8 (the setting `policies`).",
            next_step="Save it as UTF-8, or correct the setting.",
        ) from error


def _of_bucket(shop: OpenShop) -> bytes | None:
    name = shop.settings.policies
    return shop.folder.files.read(name) if shop.folder.lies_elsewhere and name in shared_of(name) else None


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
