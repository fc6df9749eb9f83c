"""Why a fact stands first for one shopper: five languages say it, of one deed and of several."""

from __future__ import annotations

import pytest

from bottega.languages.writing import writing, writing_languages
from bottega.models.wording.facts import GivenListing
from bottega.models.wording.known import known
from bottega.models.wording.why_words import DEEDS, why_of

SHEET = known(GivenListing("s", "Shirt number 1", attributes={"material": ("cotton",)}))
COTTON = SHEET.of("material")[0]
DONE = {"purchase": 1, "view": 2}


@pytest.mark.parametrize(
    ("language", "because"),
    [
        ("en", "Material “cotton” first, because you bought 1 and viewed 2 products with it."),
        ("de", "Material „Baumwolle“ zuerst, denn Sie haben von anderen Produkten damit 1 gekauft und 2 angesehen."),
        (
            "fr",
            "Matière « coton » en premier, car parmi d’autres produits comme cela, vous en avez acheté 1 et regardé 2.",
        ),
        ("es", "Material «algodón» en primer lugar, porque de otros productos así compró 1 y miró 2."),
        ("it", "Materiale «cotone» al primo posto, perché di altri prodotti così ne ha comprato 1 e guardati 2."),
    ],
)
def test_each_language_names_what_was_done(language: str, because: str) -> None:
    assert why_of(SHEET, COTTON, language, first=True, declared=False, done=DONE) == because


@pytest.mark.parametrize("language", writing_languages())
def test_what_was_said_stands_before_what_was_done(language: str) -> None:
    words = writing(language).why
    said = why_of(SHEET, COTTON, language, first=False, declared=True, done={})
    both = why_of(SHEET, COTTON, language, first=False, declared=True, done=dict.fromkeys(DEEDS, 3))
    assert words["said"] in said and words["said"] in both and both.count("3") == len(DEEDS)
    assert not any(mark in said + both for mark in "{}") and said.endswith(".") and both.endswith(".")
    assert said != why_of(SHEET, COTTON, language, first=True, declared=True, done={})


@pytest.mark.parametrize("language", writing_languages())
def test_the_merchants_own_words_stay_as_they_are(language: str) -> None:
    odd = known(GivenListing("s", "Shirt", attributes={"wick_type": ("label n",)})).of("wick_type")[0]
    assert "label n" in why_of(SHEET, odd, language, first=True, declared=False, done=DONE)


def test_one_product_is_no_products() -> None:
    assert why_of(SHEET, COTTON, "en", first=True, declared=False, done={"view": 1}).endswith(
        "viewed 1 product with it."
    )
