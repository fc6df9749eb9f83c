"""What reviews say, as facts: which counts are worth a sentence, how five languages say it, and how it is proved."""

from __future__ import annotations

from itertools import combinations

import pytest

from bottega.languages.writing import writing, writing_languages
from bottega.models.wording.facts import FactSheet, FactSource, GivenListing, ReviewVoice
from bottega.models.wording.filling import filled
from bottega.models.wording.frames import frames
from bottega.models.wording.known import known
from bottega.models.wording.opinion_words import ASPECTS
from bottega.models.wording.proof.counted_reviews import counting_words
from bottega.models.wording.review_facts import (
    ASPECTS_TOLD,
    ReviewCount,
    count_in,
    review_facts,
    with_counts,
    worth_saying,
)
from bottega.models.wording.review_words import advice, told
from bottega.models.wording.saying import Saying
from bottega.models.wording.verify import verify
from bottega.models.wording.writer import ListingWriter

SIDES = [("size", "small"), ("size", "large")] + [(one, side) for one in ASPECTS_TOLD for side in ("good", "bad")]
COAT = known(GivenListing("c", "Marlowe Red Coat", attributes={"color": ("Red",)}))
WATCH = known(GivenListing("w", "Titan Women Silver Watch", attributes={"color": ("Silver",), "gender": ("Women",)}))


def sheet(*counts: ReviewCount) -> FactSheet:
    return with_counts(WATCH, counts)


def sentences(language: str, aspect: str, side: str, count: int, of: int) -> set[str]:
    """Every way in which a language says it."""
    saying = Saying(sheet(ReviewCount(aspect, side, count, of)), language)
    found = [filled(one, saying) for one in frames(language) if "review" in one.roles]
    return {part.text for part in found if part is not None}


def test_only_what_enough_people_agree_on_is_worth_saying() -> None:
    def kept(*counts: tuple[str, str, int, int], blame: bool = False) -> list[tuple[str, str]]:
        some = [ReviewCount(*one) for one in counts]
        return [(one.aspect, one.side) for one in worth_saying(some, COAT, blame=blame)]

    assert kept(("quality", "good", 4, 4)) == [], "four who spoke are too few"
    assert kept(("quality", "good", 5, 5)) == [("quality", "good")]
    assert kept(("quality", "good", 6, 10)) == [], "less than two thirds"
    assert kept(("quality", "good", 90, 100), ("colour", "good", 40, 40), ("size", "small", 4, 5)) == [
        ("size", "small"),
        ("quality", "good"),
    ], "two at most, the size first"
    assert kept(("quality", "bad", 9, 10), ("size", "bad", 9, 10)) == []
    assert kept(("quality", "bad", 9, 10), ("size", "bad", 9, 10), blame=True) == [("size", "bad"), ("quality", "bad")]
    assert kept(("quality", "good", 5, 15), ("quality", "bad", 10, 15)) == [], "praise is not what most say"
    assert kept(("delivery", "good", 9, 9), ("price", "good", 9, 9), ("smell", "good", 9, 9), blame=True) == []


@pytest.mark.parametrize(
    ("title", "aspects"),
    [
        ("Marlowe Red Coat", {"size", "quality", "colour", "comfort"}),
        ("Marlowe Coat", {"size", "quality", "comfort"}),
        ("Oakstead Red Sofa", {"quality", "colour", "comfort"}),
        ("Oakstead Red Mug", {"quality", "colour"}),
        ("Averill Rose Soap", set()),
        ("Averill Bath Salts", set()),
        ("Oakstead Bluetooth Speaker", set()),
        ("Oakstead XR-20", set()),
    ],
)
def test_nothing_is_told_of_what_reviews_are_read_wrongly_of(title: str, aspects: set[str]) -> None:
    told_of = known(GivenListing("p", title))
    counts = [ReviewCount(aspect, "good", 9, 9) for aspect in ASPECTS_TOLD]
    each = [one for count in counts for one in worth_saying([count], told_of, blame=True)]
    assert {one.aspect for one in each} == aspects


def test_a_count_is_a_fact_that_names_its_reviews() -> None:
    voice = ReviewVoice("r1", "runs small")
    (fact,) = review_facts("w", [ReviewCount("size", "small", 9, 12, (voice,))])
    assert (fact.name, fact.concept, fact.source) == ("review=9/12 size small", "review.size.small", FactSource.REVIEWS)
    assert fact.quotes == (voice,) and count_in(fact) == ReviewCount("size", "small", 9, 12, (voice,))


@pytest.mark.parametrize("language", writing_languages())
def test_texts_say_it_once_behind_everything_else_and_only_where_it_is_a_fact(language: str) -> None:
    told_of = sheet(ReviewCount("size", "small", 9, 12), ReviewCount("quality", "good", 1234, 1500))
    for seed in range(3):
        listing = ListingWriter(language).listing(told_of, seed=seed)
        silent = ListingWriter(language).listing(WATCH, seed=seed)
        assert listing.description.text.startswith(silent.description.text)
        assert [one.text for one in listing.bullets[: len(silent.bullets)]] == [one.text for one in silent.bullets]
        more = [[fact.name for fact in one.facts] for one in listing.bullets[len(silent.bullets) :]]
        assert more == [["review=9/12 size small"], ["review=1234/1500 quality good"]]
        assert [slot for one in listing.description.sentences[-2:] for slot in one.slots if slot.key != "review"] == []
        for one, other in (
            (listing.title, silent.title),
            (listing.short, silent.short),
            (listing.alt, silent.alt),
            (listing.advert, silent.advert),
            (listing.email, silent.email),
        ):
            assert one.text == other.text
        assert verify(listing.description.text, told_of, language).proved
        assert not verify(listing.description.text, WATCH, language).proved


@pytest.mark.parametrize("language", writing_languages())
@pytest.mark.parametrize(("aspect", "side"), SIDES)
def test_every_saying_has_sentences_that_are_proved_and_no_other_fact_bears_out(
    language: str, aspect: str, side: str
) -> None:
    for count, of in ((9, 12), (7, 7)):
        said = sentences(language, aspect, side, count, of)
        assert len(said) == (4 if count < of else 3), said
        others = [ReviewCount(*pair, count, of) for pair in SIDES if pair != (aspect, side)]
        others += [
            ReviewCount(aspect, side, *pair)
            for pair in ((count - 1, of), (count, of + 1), (of, count), (count * 10, of * 10))
            if pair != (count, of)
        ]
        for text in said:
            assert verify(text, sheet(ReviewCount(aspect, side, count, of)), language).proved, text
            report = verify(text, sheet(*others), language)
            assert not report.proved and report.unlicensed[0].said == text.rstrip("."), text


@pytest.mark.parametrize("language", writing_languages())
def test_a_sentence_of_two_counts_or_of_more_words_is_no_claim(language: str) -> None:
    facts = sheet(ReviewCount("size", "small", 9, 12), ReviewCount("quality", "good", 7, 7))
    more_than = {"en": "more than", "de": "mehr als", "fr": "plus de", "es": "más de", "it": "più di"}[language]
    for text in sentences(language, "size", "small", 9, 12):
        whole = text.rstrip(".")
        assert not verify(text.replace("9", f"{more_than} 9"), facts, language).proved
        for changed in (
            f"{whole}?", f"{whole}…", f"{whole} {whole}.", f"Titan: {whole}.", f"{whole}, Titan.",
            text.replace("9", "9.5"), text.replace("9", "9 %"), text.replace("9", "~9"), text.replace("9", "-9"),
            text.replace("12", "12+"), text.replace("9", "9-10"), text.replace("12", "0"),
        ):  # fmt: skip
            assert not verify(changed, facts, language).proved, changed


@pytest.mark.parametrize("language", writing_languages())
def test_what_two_things_share_no_words_say(language: str) -> None:
    words = counting_words(language)
    assert all(len(pairs) == 1 for pairs in words.says.values())
    by_pair: dict[tuple[str, str], set[tuple[str, ...]]] = {}
    for phrases in (words.says, words.that):
        for phrase, pairs in phrases.items():
            for pair in pairs:
                by_pair.setdefault(pair, set()).add(phrase)
    assert set(by_pair) == set(SIDES)
    for one, other in combinations(SIDES, 2):
        if one[0] == other[0]:
            assert not by_pair[one] & by_pair[other], (one, other)


@pytest.mark.parametrize("language", writing_languages())
def test_people_are_told_in_their_language(language: str) -> None:
    known_sayings = [
        *((one, side) for one in ASPECTS for side in ("good", "bad")),
        ("size", "small"),
        ("size", "large"),
    ]
    every = {told(aspect, side, 9, 12, language) for aspect, side in known_sayings}
    assert len(every) == len(known_sayings)
    assert "„Akku“" in told("Akku", "good", 3, 4, "de") and "battery" in told("battery", "bad", 3, 4, language)
    assert told("size", "small", 9, 12, language) in advice("small", 9, 12, language)
    own = {name for name in writing("en").reviews if not name.startswith("clause.")}
    assert own <= set(writing(language).reviews)


def test_one_voice_is_one() -> None:
    said = [told("size", "small", 1, 4, language) for language in ("en", "de", "fr", "es", "it")]
    assert [one.split()[3].rstrip(":") for one in said] == ["says", "sagt", "dit", "dice", "dice"]
