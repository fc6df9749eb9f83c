"""What a review says: clauses, aspects, polarity, counts; on sentences that taught nothing."""

from __future__ import annotations

import numpy as np
import pytest

from bottega.models.blocks.cards import read_card
from bottega.models.blocks.shipped import shipped_folder
from bottega.models.blocks.text_encoder import NgramEncoder, TextEncoder
from bottega.models.wording.clauses import clauses_of, language_of
from bottega.models.wording.opinion_words import opinion_words
from bottega.models.wording.own_aspects import OwnAspects, find_own_aspects
from bottega.models.wording.review_counts import counted, size_warning
from bottega.models.wording.sentiment import (
    ASPECT_CLASSES,
    OVERALL,
    POLARITIES,
    UNSURE,
    Opinion,
    SentimentHeads,
    SentimentReader,
    clause_features,
)
from bottega.models.wording.sentiment_recipe import held_out, learn_heads, taught_sentences


@pytest.fixture(scope="module")
def reader() -> SentimentReader:
    return SentimentReader()


@pytest.mark.parametrize(
    ("text", "language", "parts"),
    [
        ("Nice coat, but it runs small.", "en", ["Nice coat", "but it runs small."]),
        ("Although it looks cheap, it holds.", "en", ["Although it looks cheap", "it holds."]),
        ("Paid 4.50 for it. Fine!", "en", ["Paid 4.50 for it.", "Fine!"]),
        ("Schön, aber zu eng", "de", ["Schön", "aber zu eng"]),
        ("Schöne Farbe, aber zu eng", "de", ["Schöne Farbe", "aber zu eng"]),
        ("Jolie robe mais trop longue", "fr", ["Jolie robe", "mais trop longue"]),
        ("One line\n\nanother line", "en", ["One line", "another line"]),
        ("", "en", []),
        (" ... !!! ", "en", []),
    ],
)
def test_clauses_end_with_sentences_and_before_contrasts(text: str, language: str, parts: list[str]) -> None:
    clauses = clauses_of(text, language)
    assert [clause.text for clause in clauses] == parts
    assert all(text[clause.start : clause.stop] == clause.text for clause in clauses)


def test_a_text_without_an_end_is_cut_and_nothing_of_it_is_lost() -> None:
    text = "it fits well and " * 400
    clauses = clauses_of(text, "en")
    assert "".join(clause.text for clause in clauses).replace(" ", "") == text.replace(" ", "")
    assert max(len(clause.text) for clause in clauses) <= 400


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The zip broke after a week", "en"),
        ("Der Reißverschluss ist nach einer Woche kaputt", "de"),
        ("La fermeture a lâché au bout d'une semaine", "fr"),
        ("La cremallera se rompió a la semana", "es"),
        ("La cerniera si è rotta dopo una settimana", "it"),
        ("", "en"),
    ],
)
def test_languages_are_told_apart(text: str, language: str) -> None:
    assert language_of(text) == language
    assert language_of(text, "fr") == "fr" and language_of("", "", ("de",)) == "de"


@pytest.mark.parametrize(
    ("text", "aspect", "polarity"),
    [
        ("Lovely jacket, but it runs small.", "size", "bad"),
        ("It is not too tight.", "size", "good"),
        ("Not worth the money.", "price", "bad"),
        ("The parcel arrived a day early.", "delivery", "good"),
        ("It isn't comfortable.", "comfort", "bad"),
        ("Die Farbe ist ganz anders als auf dem Bild.", "colour", "bad"),
        ("Livraison très rapide.", "delivery", "good"),
        ("La tela se rompió enseguida.", "quality", "bad"),
        ("Ottimo rapporto qualità prezzo.", "price", "good"),
    ],
)
def test_plain_sentences_are_read(reader: SentimentReader, text: str, aspect: str, polarity: str) -> None:
    found = reader.sentence(text)
    assert found is not None and (found.aspect, found.polarity) == (aspect, polarity)


def test_what_no_head_is_sure_of_is_unsure(reader: SentimentReader) -> None:
    empty = [np.zeros_like(getattr(reader.heads, name)) for name in ("opinion", "way")]
    nobody = SentimentReader(reader.encoder, SentimentHeads("floor", "1", *empty))
    found = nobody.sentence("Runs small")
    assert found is not None and (found.aspect, found.polarity, found.way) == (OVERALL, UNSURE, "")
    assert reader.sentence("  ") is None and reader.read(["", "\n"]) == [[], []]


def test_reading_many_is_reading_each(reader: SentimentReader) -> None:
    texts = ["Fits well. But the colour faded!", "Zu teuer", "", "Muy cómodo, pero llegó tarde"]
    together = reader.read(texts)
    assert together == [reader.read([text])[0] for text in texts]
    assert [len(opinions) for opinions in together] == [2, 1, 0, 2]


def test_shipped_heads_are_what_the_recipe_makes(reader: SentimentReader) -> None:
    learnt = learn_heads(NgramEncoder())
    for name in ("opinion", "way"):
        np.testing.assert_allclose(getattr(reader.heads, name), getattr(learnt, name), atol=5e-3)
    card = read_card(shipped_folder("wording", "sentiment-floor"))
    measures = held_out(NgramEncoder())
    assert {name: card["measures"][name] for name in measures} == pytest.approx(measures, abs=0.005)
    assert all(bar["met"] for bar in card["bars"].values())


def test_an_encoder_without_shipped_heads_gets_its_own() -> None:
    class Mirrored(NgramEncoder):
        name = "mirrored"

    encoder: TextEncoder = Mirrored(dim=64)
    found = SentimentReader(encoder).sentence("Runs small")
    assert found is not None and found.aspect == "size"


def test_every_language_teaches_every_aspect_both_ways() -> None:
    taught = taught_sentences()
    assert len({one.text for one in taught}) > 550
    both = {(one.language, one.aspect, one.polarity) for one in taught}
    for language in ("en", "de", "fr", "es", "it"):
        for aspect in ("size", "quality", "colour", "comfort", "delivery", "price", OVERALL):
            assert {(language, aspect, "bad"), (language, aspect, "good")} <= both


PLACES = ["lemon", "orange", "rose", "pine", "cedar", "vanilla", "coconut", "mint", "jasmine", "lavender", "honey"]


def said(aspect: str, polarity: str, way: str = "", chance: float = 0.9) -> Opinion:
    return Opinion(aspect, polarity, chance, way, 0, 5)


def test_a_review_has_one_voice_in_each_thing() -> None:
    small = said("size", "bad", "small")
    reviews = [[small, small], [small], [small, said("size", UNSURE)], [said("size", "good")], [said("size", UNSURE)]]
    sayings = counted(reviews, {})
    assert [(one.says, one.count, one.of) for one in sayings] == [("small", 3, 5), ("good", 1, 5)]
    assert [quote.review for quote in sayings[0].quotes] == [0, 1, 2]
    warning = size_warning(sayings)
    assert warning is not None and warning.says == "small"
    assert size_warning(counted(reviews[1:], {})) is None, "two are too few"
    fits = [[said("size", "good")]] * 4
    assert size_warning(counted(reviews + fits, {})) is None, "less than half say so"


def test_a_shop_finds_the_aspects_of_its_own() -> None:
    texts = [f"The {place} smell is {word}." for place in PLACES for word in ("lovely", "awful")]
    opinions = [[Opinion(OVERALL, "good", 0.9, "", 0, len(text))] for text in texts]
    noise = [("I use it in the kitchen.", "en", [Opinion(OVERALL, "neither", 0.9, "", 0, 24)])] * 30
    rows = [(text, "en", found) for text, found in zip(texts, opinions, strict=True)] + noise
    own = find_own_aspects(rows, ["Kitchen soap"])
    assert [name for _, _, name in own.names] == ["smell"]
    assert own.of_review(texts[0], "en", opinions[0]) == [("smell", opinions[0][0])]
    assert find_own_aspects(rows, ["Smell of roses"]).names == [], "what the listings name is the thing itself"
    assert OwnAspects().of_review(texts[0], "en", opinions[0]) == []


@pytest.mark.parametrize(
    ("text", "language", "soon", "lasting"),
    [
        ("It broke after two weeks", "en", True, False),
        ("Still good as new three years on", "en", False, False),
        ("Still fine two years on", "en", False, True),
        ("Nach drei Tagen kaputt", "de", True, False),
        ("Seit vier Jahren im Einsatz", "de", False, True),
        ("Au bout de trois jours", "fr", True, False),
        ("Depuis deux ans", "fr", False, True),
        ("Se rompió a los dos días", "es", True, False),
        ("Dopo una settimana", "it", True, False),
        ("I use it every day after shaving", "en", False, False),
    ],
)
def test_a_time_speaks_only_right_behind_what_makes_it_speak(
    text: str, language: str, soon: bool, lasting: bool
) -> None:
    assert tuple(map(bool, opinion_words(language).features(text)[-2:])) == (soon, lasting)


def test_a_clause_that_judges_nothing_and_one_that_mocks() -> None:
    words = opinion_words("en")
    judges_nothing, number, mocks = -5, -4, -3
    plain = words.features("It measures 30 by 40")
    assert plain[judges_nothing] and plain[number] and not plain[mocks]
    mocking = words.features("Great, the handle came off on day one")
    assert mocking[mocks] and not mocking[judges_nothing]
    assert not words.features("Great handle")[mocks]


def test_aspect_and_polarity_come_out_of_one_table(reader: SentimentReader) -> None:
    features = clause_features(reader.encoder, ["The sole came off", "Nice"], ["en", "en"])
    both = reader.heads.opinions(features)
    assert both.shape == (2, len(ASPECT_CLASSES), len(POLARITIES))
    np.testing.assert_allclose(both.sum(axis=(1, 2)), 1.0)
    place = ASPECT_CLASSES.index("quality"), POLARITIES.index("bad")
    assert np.unravel_index(both[0].argmax(), both[0].shape) == place
    assert reader.read(["The sole came off"], ["en"])[0][0].chance == pytest.approx(both[0][place], abs=1e-3)
