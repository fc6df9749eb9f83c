"""Counts of reviews, planted wrong: what the proof makes of sentences that say one, true and changed in one place.

A product has two counts among its facts, drawn anew for each sentence. Changed are a number (one more, one less, a
digit more), both numbers in each other's place, the numbers of the other count, the aspect, the side, `all` for some;
and what makes a count another one is put before its number ("more than", "not", "~").
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator

from bottega.languages.writing import writing_languages
from bottega.models.wording.facts import GivenListing
from bottega.models.wording.filling import filled
from bottega.models.wording.frames import frames
from bottega.models.wording.known import known
from bottega.models.wording.review_facts import ASPECTS_TOLD, ReviewCount, with_counts
from bottega.models.wording.saying import Saying
from bottega.models.wording.verify import verify

SIDES = [("size", "small"), ("size", "large"), *((one, side) for one in ASPECTS_TOLD for side in ("good", "bad"))]
BEFORE = {
    "en": ("more than", "not", "at least", "almost", "only"),
    "de": ("mehr als", "nicht", "mindestens", "fast", "nur"),
    "fr": ("plus de", "pas", "au moins", "presque", "seulement"),
    "es": ("más de", "no", "al menos", "casi", "solo"),
    "it": ("più di", "non", "almeno", "quasi", "solo"),
}
DRAWS = 12
"""Pairs of counts for each thing that is said, in each language."""
_NUMBER = re.compile(r"\d+")
BARE = known(GivenListing("p", "Marlowe Coat"))


def sentences(count: ReviewCount, language: str) -> list[str]:
    """Every sentence that says a count."""
    saying = Saying(with_counts(BARE, [count]), language)
    made = (filled(one, saying) for one in frames(language) if "review" in one.roles)
    return [one.text for one in made if one is not None]


def counts() -> None:
    """Plant and print."""
    draw = random.Random(5)
    true = refused = 0
    caught: Counter[str] = Counter()
    planted: Counter[str] = Counter()
    for language in writing_languages():
        for aspect, side in SIDES:
            for turn in range(DRAWS):
                of = draw.randint(5, 900)
                count = of if turn % 4 == 0 else draw.randint((of + 1) // 2, of - 1)
                other = ReviewCount(*draw.choice([one for one in SIDES if one[0] != aspect]), count + 1, of + 3)
                one = ReviewCount(aspect, side, count, of)
                sheet = with_counts(BARE, [one, other])
                for text in sentences(one, language):
                    true += 1
                    refused += not verify(text, sheet, language).proved
                for kind, text in changed(one, other, language, draw):
                    planted[kind] += 1
                    is_caught = not verify(text, sheet, language).proved
                    caught[kind] += is_caught
                    if not is_caught:
                        print(f"  missed {kind} ({language}): {text}")
    print(f"languages {' '.join(writing_languages())}; true sentences {true:,}, refused {refused}")
    for kind in planted:
        print(f"{kind}: {caught[kind]:,} of {planted[kind]:,}")
    print(f"caught {caught.total():,} of {planted.total():,}")


def changed(one: ReviewCount, other: ReviewCount, language: str, draw: random.Random) -> Iterator[tuple[str, str]]:
    """A kind of change, and the sentence that it makes; what would be true by the other count is none."""
    is_true = {(each.aspect, each.side, each.count, each.of) for each in (one, other)}

    def said(kind: str, aspect: str, side: str, count: int, of: int) -> Iterator[tuple[str, str]]:
        if (aspect, side, count, of) not in is_true and 0 < count <= of:
            yield kind, draw.choice(sentences(ReviewCount(aspect, side, count, of), language))

    yield from said("number", one.aspect, one.side, one.count + draw.choice((-1, 1)), one.of)
    yield from said("number", one.aspect, one.side, one.count, one.of + draw.choice((-1, 1, 10)))
    yield from said("number", one.aspect, one.side, one.count, one.of * 10)
    yield from said("other count", one.aspect, one.side, other.count, other.of)
    yield from said("other count", other.aspect, other.side, one.count, one.of)
    yield from said("all for some", one.aspect, one.side, one.of, one.of)
    turned_side = draw.choice([side for aspect, side in SIDES if aspect == one.aspect and side != one.side])
    yield from said("side", one.aspect, turned_side, one.count, one.of)
    aspect, side = draw.choice([pair for pair in SIDES if pair[0] not in (one.aspect, other.aspect)])
    yield from said("aspect", aspect, side, one.count, one.of)
    text = draw.choice(sentences(one, language))
    numbers = _NUMBER.findall(text)
    if len(numbers) == 2 and numbers[0] != numbers[1]:
        turned = iter(reversed(numbers))
        yield "swapped", _NUMBER.sub(lambda found: next(turned), text)
    before = draw.choice((*BEFORE[language], "~", "<"))
    yield "more words", _NUMBER.sub(lambda found: f"{before} {found[0]}", text, count=1)
