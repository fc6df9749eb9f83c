"""The merchant's rules: a Markdown text as sections and passages, and the passage that a question is about.

Idea     A rule is quoted, never reworded: a heading says what a section is about, in any of five languages, and of its
         passages the one is taken that shares most with the question. What no section is about has not been said.
File     Headings with `#` or underlined; paragraphs and bullets are passages. What stands before the first heading, and
         whatever lies in `<!-- -->`, is no rule.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bottega.languages.fold import tokens
from bottega.languages.lexicon import lexicon
from bottega.languages.stems import stem
from bottega.models.dialogue.asked_words import ASKED_LANGUAGES, asked_words, spans, stemmed

__all__ = ["RuleFound", "RuleSection", "rule_for", "rules_in", "topics_of"]

WHOLE_MOST = 320
"""Letters of a section that is quoted as a whole."""
_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*\s*$")
_UNDERLINE = re.compile(r"^(=+|-+)\s*$")
_BULLET = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_MARKUP = re.compile(r"\[([^\]]+)\]\([^)]*\)|(\*\*|__|`)")
_RELATED = {
    "cost": ("cost", "delivery"),
    "status": ("status",),
    "returns": ("returns",),
    "delivery": ("delivery", "cost"),
}
"""Under which topics the answer may stand, too."""


@dataclass(frozen=True, slots=True)
class RuleSection:
    """One heading with its passages."""

    heading: str
    passages: tuple[str, ...]
    """Paragraphs and bullets, without their Markdown."""


@dataclass(frozen=True, slots=True)
class RuleFound:
    """What answers: a section's heading and the words of it that are quoted."""

    heading: str
    passage: str


def rules_in(text: str) -> tuple[RuleSection, ...]:
    """The sections of a text.

    >>> rules_in("# Shop\\n\\n## Returns\\n\\nWithin **30 days**.\\n\\n- Free in the EU")
    (RuleSection(heading='Returns', passages=('Within 30 days.', 'Free in the EU')),)
    """
    sections: list[tuple[str, list[str]]] = []
    passage: list[str] = []

    def close() -> None:
        words = " ".join(" ".join(passage).split())
        passage.clear()
        if words and sections:
            sections[-1][1].append(words)

    lines = _COMMENT.sub("", text).splitlines()
    for place, line in enumerate(lines):
        heading = _HEADING.match(line)
        below = lines[place + 1] if place + 1 < len(lines) else ""
        if heading or (line.strip() and not passage and _UNDERLINE.match(below) and not _BULLET.match(line)):
            close()
            sections.append((_plain(heading[2] if heading else line.strip()), []))
        elif _UNDERLINE.match(line) or not line.strip():
            close()
        else:
            if _BULLET.match(line):
                close()
            passage.append(_plain(_BULLET.sub("", line)))
    close()
    return tuple(RuleSection(heading, tuple(passages)) for heading, passages in sections if passages)


def _plain(line: str) -> str:
    return _MARKUP.sub(lambda found: found[1] or "", line).strip()


def topics_of(text: str, languages: Sequence[str] = ASKED_LANGUAGES) -> dict[str, int]:
    """The topics that a text names in these languages, each with the length of the longest phrase that names it."""
    found: dict[str, int] = {}
    for language in languages:
        stems = stemmed(text, language)
        for topic, phrases in asked_words(language).topics.items():
            if places := spans(stems, phrases):
                found[topic] = max(found.get(topic, 0), max(stop - start for start, stop in places))
    return found


def rule_for(text: str, topic: str, language: str, rules: Sequence[RuleSection]) -> RuleFound | None:
    """The passage that a question is about; `topic`: as a reader of lines named it. None where nothing is."""
    asked = topics_of(text, (language,))
    topics = dict(sorted(asked.items(), key=lambda one: -one[1]))
    if topic and topic != "other" and topic not in topics:
        topics = {topic: 1, **topics}
    elif topic in topics:
        topics[topic] += 1
    best: tuple[float, int, RuleFound] | None = None
    for place, section in enumerate(rules):
        about = topics_of(section.heading)
        weight = max(
            (
                topics[one] / (1 + rank)
                for one in topics
                for rank, other in enumerate(_RELATED.get(one, (one,)))
                if other in about
            ),
            default=0.0,
        )
        for found, shared in _passages(section, text, language):
            if not weight and not _mostly(shared, text, language):
                continue
            score = 10.0 * weight + shared
            if best is None or (score, -place) > best[:2]:
                best = score, -place, found
    return best[2] if best else None


def _passages(section: RuleSection, text: str, language: str) -> list[tuple[RuleFound, int]]:
    """What of a section may be quoted, with how many words of the question it holds."""
    wanted = _content(text, language)
    whole = " ".join(section.passages)
    if len(whole) <= WHOLE_MOST:
        return [(RuleFound(section.heading, whole), _shared(wanted, f"{section.heading} {whole}", language))]
    return [(RuleFound(section.heading, one), _shared(wanted, one, language)) for one in section.passages]


def _content(text: str, language: str) -> set[str]:
    asked = asked_words(language)
    stops = lexicon().stops[asked.language]
    words = tokens(text)
    stems = [stem(word, asked.language) for word in words]
    small = {
        place
        for name in ("empty", "open", "ask")
        for start, stop in spans(stems, asked.lists[name])
        for place in range(start, stop)
    }
    return {stems[place] for place, word in enumerate(words) if place not in small and word not in stops}


def _shared(wanted: set[str], passage: str, language: str) -> int:
    return len(wanted & set(stemmed(passage, language)))


def _mostly(shared: int, text: str, language: str) -> bool:
    """Whether a passage without the topic holds nearly all that the question speaks of."""
    wanted = len(_content(text, language))
    return wanted >= 2 and shared >= wanted
