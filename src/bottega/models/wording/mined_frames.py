"""Frames mined from a shop's own listings: sentences that several things share, with slots where their facts stood.

Idea     A sentence of a listing that did better than its like is read to its end (sentence_pattern.py). What many
         listings say of different things in the same words is a way of saying it, and a frame; what one thing's
         listings say, however many they are, is that thing's boilerplate and none.
Proof    Each frame is filled for other products than those that it was drawn from, and every one of these texts must be
         proved. A frame that too few others can be asked about is none.
Why      A frame names the listings that it was drawn from.
"""

from __future__ import annotations

import json
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Self

from bottega.models.wording.derivation import why_not
from bottega.models.wording.facts import FactSheet
from bottega.models.wording.filling import filled, joined
from bottega.models.wording.frames import SentenceFrame, frame_of, frames
from bottega.models.wording.saying import Saying
from bottega.models.wording.sentence_pattern import SeenPattern, pattern_of, pieces_of, words_of_title
from bottega.models.wording.success import alike
from bottega.models.wording.text import Text, TextKind
from bottega.saved import ModelFile

__all__ = ["MinedFrame", "MinedFrames", "MiningConfig", "mine"]


_LABEL = re.compile(r"[^{}:]+: ?\{[^{}]+\}\.")
"""One value behind the name of its key, which every language has for every key."""
ROLE_SHARE = 0.25
"""Of the listings that say it must have it in a place, for a frame to stand there."""


@dataclass(frozen=True)
class MiningConfig:
    """What a frame must show."""

    listings_least: int = 5
    """That say it."""
    groups_least: int = 3
    """Of titles that are no variants of one another."""
    tried_least: int = 5
    """Other products that it is proved for."""
    tried_most: int = 40
    frames_most: int = 200
    why_most: int = 50
    """Listings that a frame names."""
    title_share: float = 0.5
    """Of their words that titles of one group have in common."""


@dataclass(frozen=True)
class MinedFrame:
    """One frame and where it is from."""

    id: str
    roles: str
    pattern: str
    classes: tuple[str, ...]
    listings: tuple[str, ...]
    """Ids of products whose listings say it, the first ones."""
    support: int
    groups: int
    tried: int
    example: str
    off: bool = False
    """Whether the merchant has switched it off."""

    def frame(self, language: str) -> SentenceFrame:
        """As the writer takes it."""
        return frame_of(language, self.id, self.roles, self.pattern, frozenset(self.classes))


@dataclass(frozen=True)
class MinedFrames:
    """What was mined in one language, and what became of the rest."""

    language: str = ""
    frames: tuple[MinedFrame, ...] = ()
    listings: int = 0
    """That were read."""
    sentences: int = 0
    """Of them that were read to their end."""
    refused: Mapping[str, int] | None = None
    """Patterns that made no frame, by the reason."""

    def used(self, language: str) -> tuple[SentenceFrame, ...]:
        """Those that write, in a language."""
        return tuple(one.frame(language) for one in self.frames if not one.off) if language == self.language else ()

    def switched(self, off: Sequence[str] = (), on: Sequence[str] = ()) -> Self:
        """With some switched off or on again."""
        state = dict.fromkeys(off, True) | dict.fromkeys(on, False)
        return replace(self, frames=tuple(replace(one, off=state.get(one.id, one.off)) for one in self.frames))

    def save(self, path: Path) -> None:
        """Write it as JSON."""
        path.write_text(json.dumps(asdict(self), ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote. Raises `ModelFileBroken`."""
        with ModelFile(path):
            kept = json.loads(path.read_text(encoding="utf-8"))
            found = tuple(
                MinedFrame(**one | {"classes": tuple(one["classes"]), "listings": tuple(one["listings"])})
                for one in kept["frames"]
            )
            return cls(**kept | {"frames": found})


def mine(
    listings: Sequence[tuple[FactSheet, str]],
    others: Sequence[FactSheet],
    language: str,
    config: MiningConfig | None = None,
) -> MinedFrames:
    """Frames from listings (facts and description), each proved for `others`, those with most support first."""
    config = config or MiningConfig()
    seen: dict[str, list[tuple[int, SeenPattern]]] = defaultdict(list)
    titles: list[frozenset[str]] = []
    sentences = 0
    for place, (sheet, description) in enumerate(listings):
        saying = Saying(sheet, language)
        titles.append(words_of_title(sheet.of("title")[0].value, saying))
        found = [one for piece in pieces_of(description) if (one := pattern_of(piece, sheet, saying)) is not None]
        sentences += len(found)
        for one in {one.pattern: one for one in reversed(found)}.values():
            seen[one.pattern].append((place, one))
    group_of = alike(titles, share=config.title_share)
    refused: Counter[str] = Counter()
    known = _patterns(language)
    sayings = [Saying(sheet, language) for sheet in others]
    made: list[MinedFrame] = []
    order = sorted(seen.items(), key=lambda item: (-len(item[1]), item[0]))
    for pattern, cases in order:
        groups = {group_of[place] for place, _ in cases}
        roles = _roles(cases)
        if _LABEL.fullmatch(pattern) or all((role.strip(), _plain(pattern)) in known for role in roles.split(",")):
            refused["comes with Bottega"] += 1
        elif len(cases) < config.listings_least or len(groups) < config.groups_least:
            refused["said by too few"] += 1
        elif len(made) == config.frames_most:
            refused["enough others"] += 1
        else:
            made_of = _framed(pattern, roles, cases, listings, len(groups), language, config)
            tried, why = _tried(made_of, sayings, config)
            if why:
                refused[why] += 1
            else:
                made.append(replace(made_of, tried=tried))
    return MinedFrames(language, tuple(made), len(listings), sentences, dict(sorted(refused.items())))


def _roles(cases: Sequence[tuple[int, SeenPattern]]) -> str:
    """Where listings have it, what few of them do aside."""
    found = Counter(role.strip() for _, one in cases for role in one.role.split(","))
    return ", ".join(sorted(role for role, count in found.items() if count >= len(cases) * ROLE_SHARE))


def _framed(
    pattern: str,
    roles: str,
    cases: Sequence[tuple[int, SeenPattern]],
    listings: Sequence[tuple[FactSheet, str]],
    groups: int,
    language: str,
    config: MiningConfig,
) -> MinedFrame:
    ids = tuple(listings[place][0].subject for place, _ in cases)
    return MinedFrame(
        f"mined-{zlib.crc32(f'{language}|{pattern}'.encode()):08x}",
        roles,
        pattern,
        tuple(sorted({one.noun_class for _, one in cases})),
        ids[: config.why_most],
        len(ids),
        groups,
        0,
        cases[0][1].said,
    )


def _tried(one: MinedFrame, others: Sequence[Saying], config: MiningConfig) -> tuple[int, str]:
    """How many other products it is proved for, and why it is no frame."""
    frame, mine_are, tried = one.frame(others[0].language.code) if others else None, set(one.listings), 0
    for saying in others:
        if frame is None or tried == config.tried_most:
            break
        if saying.sheet.subject in mine_are or (part := filled(frame, saying)) is None:
            continue
        said, sentences, facts = joined([part])
        text = Text(saying.sheet.subject, TextKind.DESCRIPTION, saying.language.code, said, sentences, facts)
        if why_not(text, saying.sheet):
            return tried, "not proved for another product"
        tried += 1
    return tried, "" if tried >= config.tried_least else "too few others to prove it for"


def _patterns(language: str) -> set[tuple[str, str]]:
    """Roles and patterns of the language's own frames, as a pattern is spelt for one thing and for several."""
    return {
        (role, _plain("".join(_spelt(piece, place) for piece in frame.pieces)))
        for frame in frames(language)
        for role in frame.roles
        for place in (0, -1)
    }


def _spelt(piece: object, place: int) -> str:
    if isinstance(piece, str):
        return piece
    key, form, ways = getattr(piece, "key", None), getattr(piece, "form", ""), getattr(piece, "ways", ())
    if key is not None:
        return "{" + (f"{key}:{form}" if form else key) + "}"
    return str(list(ways.values())[place] if isinstance(ways, Mapping) else ways[place])


def _plain(pattern: str) -> str:
    return pattern.casefold().rstrip(".")
