"""The reader: what a line of a shopper asks for, as commands; or that it is not sure.

Idea     A line is cut wherever a command may begin; each part is read by the heads, and parts that say one thing are
         put together again. What no class is probable enough for is left to a question. Who asks for a person has a
         pair of thresholds of its own: sure, and in between.
Source   Commands: Rasa CALM (commands.py). Heads: talk_heads.py.
Differs  Nothing of the line but its words goes on: no text of it chooses what is done.
Costs    About 1 ms a line on the floor, 15 ms a part with `bottega[meaning]`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bottega.languages.fold import tokens
from bottega.languages.lexicon import lexicon
from bottega.languages.stems import LANGUAGES
from bottega.models.blocks.text_encoder import NgramEncoder, TextEncoder
from bottega.models.dialogue.commands import Command, Intent, LineReading, Mood
from bottega.models.dialogue.cues import cues
from bottega.models.dialogue.cutting import LinePiece, pieces_of
from bottega.models.dialogue.line_features import language_rows, line_rows
from bottega.models.dialogue.line_words import line_words
from bottega.models.dialogue.patterns import classes
from bottega.models.dialogue.pointing import pointings
from bottega.models.dialogue.state import TalkState
from bottega.models.dialogue.talk_heads import TalkHeads, vectors_of

__all__ = ["PERSON_ASKED", "PERSON_SURE", "SURE", "TalkReader"]

SURE, BESIDE = 0.3, 0.6
"""Chance from which an intent is believed; from which it is beside a surer one of the same line."""
PERSON_SURE, PERSON_ASKED = 0.55, 0.12
"""Of "a person, please": from which chance it is, and from which it is asked whether it is."""
SPLIT, SPLIT_WISHES = 0.6, 0.85
"""Parts of a sentence are two commands where both are so probable, and different; where neither is small talk."""
MOODY, COMPLAINED = 0.35, 0.6
"""From which chance on a mood of the head is believed; a complaint, that it annoys whoever makes it."""
WISHED = 0.08
"""Chance of a wish from which "is there one in green?" is one."""
_HELD = 3.0
"""What the talk's language so far weighs against a line, in log odds."""
_LIKELY, _LIKELY_LEAST = 3, 0.1
"""Of an unsure line the likeliest intents that are named: at most, and how probable they are at least."""
_SMALL_TALK = frozenset({"greeting", "other", "praise", "yes", "no", "bye"})
"""What is said beside a wish and is none."""
_TAKES: dict[Intent, frozenset[Intent]] = {
    Intent.PERSON: frozenset({Intent.CANCEL, Intent.BEYOND, Intent.CORRECTION}),
    Intent.COMPLAINT: frozenset({Intent.SEARCH, Intent.ASK, Intent.CORRECTION, Intent.CANCEL, Intent.REFINE}),
    Intent.CORRECTION: frozenset({Intent.SEARCH, Intent.REFINE}),
    Intent.BEYOND: frozenset({Intent.SEARCH, Intent.ASK, Intent.REFINE, Intent.CANCEL}),
}
"""What is said beside a command of these belongs to it."""
_POINTING = frozenset(
    {Intent.REFINE, Intent.COMPARE, Intent.ASK, Intent.LOOK, Intent.CLOSET, Intent.ORDER, Intent.CORRECTION}
    | {Intent.SUGGEST, Intent.SEARCH, Intent.MORE}
)


@dataclass(slots=True)
class _Part:
    """A part of a line, and how probable each class is of it."""

    start: int
    stop: int
    chances: NDArray[np.float64]

    @property
    def intents(self) -> NDArray[np.float64]:
        return self.chances @ _OF_INTENT

    @property
    def intent(self) -> Intent:
        return _INTENTS[int(self.intents.argmax())]

    @property
    def chance(self) -> float:
        return float(self.intents.max())

    @property
    def about(self) -> str:
        own = [place for place, (intent, _) in enumerate(classes()) if intent is self.intent]
        return classes()[own[int(self.chances[own].argmax())]][1]


_INTENTS = tuple(Intent)
_OF_INTENT = np.array([[intent is one for one in _INTENTS] for intent, _ in classes()], dtype=np.float64)


class TalkReader:
    """Reads lines of a talk with an encoder and the heads that were learnt on it."""

    def __init__(self, encoder: TextEncoder | None = None, heads: TalkHeads | None = None) -> None:
        """Without an encoder the floor; of an encoder that no heads came along for, the floor's heads without it."""
        self._encoder = encoder or NgramEncoder()
        found = heads or TalkHeads.shipped(self._encoder)
        if found is None:
            self._encoder = NgramEncoder()
            found = TalkHeads.shipped(self._encoder)
        assert found is not None, "the heads of the floor come along"
        self._heads = found
        self.name = f"{found.encoder}/{found.encoder_version}/{found.version}"

    def read(self, text: str, state: TalkState) -> LineReading:
        """What a line asks for, in the talk that stands so."""
        language = self._language(text, state.language)
        pieces = pieces_of(text)
        if not pieces:
            return LineReading((), language)
        parts, whole = self._parts(text, pieces, language)
        put = [_wished(part, text[part.start : part.stop], language) for part in _together(parts, whole)]
        commands: list[Command] = []
        unsure: list[Intent] = []
        for part in put:
            person = float(part.intents[_INTENTS.index(Intent.PERSON)])
            if person >= PERSON_SURE:
                commands.append(Command(Intent.PERSON, text[part.start : part.stop], chance=round(person, 3)))
            elif person >= PERSON_ASKED:
                unsure += _likely(part, first=Intent.PERSON)
            elif part.chance >= SURE:
                commands.append(_command(part, text[part.start : part.stop], language))
            else:
                unsure += _likely(part)
        commands = _without_small_talk(_one_thing(commands), answering=state.asked is not None)
        mood = self._mood(text, language, commands)
        if Intent.PERSON not in unsure and any(one.intent is not Intent.CHAT for one in commands):
            unsure = []  # what is understood is done; a scrap beside it is no reason to ask
        return LineReading(tuple(commands), language, mood, tuple(dict.fromkeys(unsure)))

    def _language(self, text: str, before: str) -> str:
        spoken = list(LANGUAGES)
        if not re.search(r"[^\W\d_]", text):
            return before if before in spoken else spoken[0]
        scores = self._heads.scores("language", language_rows([text]))[0]
        if before in spoken:
            scores[spoken.index(before)] += _HELD / max(1.0, len(line_words(text)) / 2)
        elif named := _languages_of_a_name(text):
            scores[[one not in named for one in spoken]] = -np.inf
        return spoken[int(scores.argmax())]

    def _mood(self, text: str, language: str, commands: Sequence[Command]) -> Mood:
        """How a line sounds: by what the head says, by its small words, and by what it is about."""
        said = {name for at in cues(language).found(line_words(text)) for name in at}
        chances = self._heads.chances("mood", line_rows([text], [language]), vectors_of(self._encoder, [text]))[0]
        moods = list(Mood)
        best = max(moods[1:], key=lambda one: chances[moods.index(one)])
        if chances[moods.index(best)] >= MOODY:
            return best
        if "laugh" in said:
            return Mood.JOKING
        if any(one.intent is Intent.COMPLAINT and one.chance >= COMPLAINED for one in commands):
            return Mood.ANNOYED
        crossed = {"angry", "broken", "again"} & said or text.rstrip().endswith(("!!", "??"))
        if any(one.intent is Intent.PERSON for one in commands) and "bot" in said:
            crossed = True
        if crossed and any(one.intent in (Intent.PERSON, Intent.ORDER) for one in commands):
            return Mood.ANNOYED
        return Mood.PLAIN

    def _parts(self, text: str, pieces: list[LinePiece], language: str) -> tuple[list[list[_Part]], list[_Part]]:
        """Of each sentence its parts, and it as a whole."""
        sentences: list[list[LinePiece]] = []
        for piece in pieces:
            if piece.joined and sentences:
                sentences[-1].append(piece)
            else:
                sentences.append([piece])
        spans = [(one.start, one.stop) for sentence in sentences for one in sentence]
        spans += [(sentence[0].start, sentence[-1].stop) for sentence in sentences if len(sentence) > 1]
        spans = list(dict.fromkeys(spans))
        texts = [_tail_kept(text, start, stop) for start, stop in spans]
        rows = line_rows(texts, [language] * len(texts))
        chances = self._heads.chances("want", rows, vectors_of(self._encoder, texts))
        known = {span: _Part(*span, chances[row]) for row, span in enumerate(spans)}
        parts = [[known[one.start, one.stop] for one in sentence] for sentence in sentences]
        return parts, [known[sentence[0].start, sentence[-1].stop] for sentence in sentences]


def _languages_of_a_name(text: str) -> list[str]:
    """Languages in which one or two words name something of a shop, all of them; letters alone tell too little."""
    words = tokens(text)
    if not 1 <= len(words) <= 2:
        return []
    known = lexicon()
    return [one for one in LANGUAGES if all(known.means([word], [one]) for word in words)]


def _wished(part: _Part, words: str, language: str) -> _Part:
    """A part that asks whether there is one in a colour that it names: a wish, where it may be one."""
    refined = [intent is Intent.REFINE for intent, _ in classes()]
    if part.intent is not Intent.ASK or part.about not in ("colour", "stock") or not _names_one(words, language):
        return part
    chances = part.chances.copy()
    if chances[refined].sum() < WISHED:
        return part
    asked = np.array([intent is Intent.ASK for intent, _ in classes()])
    chances[refined] += chances[asked].sum()
    chances[asked] = 0.0
    return replace(part, chances=chances)


def _names_one(words: str, language: str) -> bool:
    """Whether one colour is named, and no choice between two."""
    said = [word for word in line_words(words) if not word[0].isdigit()]
    meant = {one.concept for word in said for one in lexicon().means((word,), (language,))}
    return sum(concept.startswith("colour.") for concept in meant) == 1


def _tail_kept(text: str, start: int, stop: int) -> str:
    """A part with the sign that ends it: a question is known by it."""
    sign = re.match(r"\s*([?!])", text[stop : stop + 3])
    return text[start:stop] + (sign[1] if sign else "")


def _together(sentences: list[list[_Part]], wholes: list[_Part]) -> list[_Part]:
    """The parts that are commands of their own; neighbours that want the same are one."""
    found: list[_Part] = []
    for parts, whole in zip(sentences, wholes, strict=True):
        found += _split(parts, whole) if len(parts) > 1 else [whole]
    merged: list[_Part] = []
    for part in found:
        if merged and _same(merged[-1], part):
            last = merged[-1]
            strong = (
                last
                if last.intent is Intent.SEARCH or (part.intent is not Intent.SEARCH and last.chance >= part.chance)
                else part
            )
            merged[-1] = replace(strong, start=last.start, stop=part.stop)
        else:
            merged.append(part)
    return merged


def _split(parts: list[_Part], whole: _Part) -> list[_Part]:
    """The parts of one sentence where they are surely different commands, else the sentence."""
    groups: list[_Part] = []
    for part in parts:
        if groups and (_same(groups[-1], part) or part.chance < SPLIT):
            groups[-1] = replace(groups[-1], stop=part.stop)
        elif groups and groups[-1].chance < SPLIT:
            groups[-1] = replace(part, start=groups[-1].start)
        else:
            groups.append(part)
    if len(groups) < 2 or (whole.intent in (Intent.CORRECTION, Intent.COMPARE, Intent.BEYOND) and whole.chance > SPLIT):
        return [whole]
    wishes = [one for one in groups if one.intent is not Intent.CHAT]
    if len(wishes) > 1 and min(one.chance for one in wishes) < SPLIT_WISHES and whole.chance >= SPLIT:
        return [whole]
    real = [one for one in groups if not (one.intent is Intent.CHAT and one.about in _SMALL_TALK)]
    if len(real) < 2 and not any(one.intent is Intent.CHAT for one in real):
        only = real[0] if real else whole
        return [
            whole
            if whole.intent is only.intent and whole.chance >= only.chance
            else replace(only, start=whole.start, stop=whole.stop)
        ]
    return groups


def _same(one: _Part, other: _Part) -> bool:
    pair = {one.intent, other.intent}
    if one.intent is other.intent:
        return one.about == other.about or (one.intent is not Intent.ASK and one.intent is not Intent.CHAT)
    return pair <= {Intent.SEARCH, Intent.REFINE}


def _one_thing(commands: list[Command]) -> list[Command]:
    """Commands without those that belong to another one, or that are too doubtful beside it."""
    best = max((one.chance for one in commands), default=0.0)
    sure = [one for one in commands if one.chance >= BESIDE or one.chance == best]
    taken = {intent for one in sure if one.chance >= BESIDE for intent in _TAKES.get(one.intent, ())}
    person = any(one.intent is Intent.PERSON for one in sure)
    return [one for one in sure if one.intent not in taken and not (person and one.about == "who")]


def _command(part: _Part, words: str, language: str) -> Command:
    intent = part.intent
    at = pointings(words, language, owned=intent is Intent.CLOSET) if intent in _POINTING else ()
    return Command(intent, words, _about_order(words, language, part.about), at, round(part.chance, 3))


def _about_order(words: str, language: str, about: str) -> str:
    """What a part is about: who asks how long a delivery takes, of no order of theirs, asks for no whereabouts."""
    if about != "status":
        return about
    said = {name for at in cues(language).found(line_words(words)) for name in at}
    owned = {"status", "ordered", "missing", "again", "angry"}
    return "delivery" if "deliver" in said and "question" in said and not owned & said else about


def _likely(part: _Part, first: Intent | None = None) -> list[Intent]:
    order = [_INTENTS[int(place)] for place in (-part.intents).argsort()[:_LIKELY]]
    likely = [one for one in order if part.intents[_INTENTS.index(one)] >= _LIKELY_LEAST]
    return [*([first] if first else []), *(one for one in likely or order[:2] if one is not first)]


def _without_small_talk(commands: list[Command], *, answering: bool) -> list[Command]:
    """Commands without greetings and the like, where something else is asked; answers to a question stay."""
    if not any(one.intent is not Intent.CHAT or one.about == "thanks" for one in commands):
        return commands[:2]
    stays = {"yes", "no"} if answering else set()
    kept = [
        one
        for at, one in enumerate(commands)
        if one.intent is not Intent.CHAT
        or one.about not in _SMALL_TALK - stays
        or (one.about == "bye" and at == len(commands) - 1)
    ]
    return kept or commands[:1]
