"""Stock in the words of shops everywhere."""

from __future__ import annotations

import doctest
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bottega.catalogue.readers.fields import stock
from bottega.catalogue.readers.fields.stock import stock_of
from bottega.catalogue.readers.fields.stock_words import STOCK_WORDS
from bottega.names import Availability

IN, OUT = Availability.IN_STOCK, Availability.OUT_OF_STOCK
PRE, BACK, GONE = Availability.PREORDER, Availability.BACKORDER, Availability.DISCONTINUED


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("Sofort lieferbar", IN), ("EN STOCK", IN), ("Disponível", IN), ("есть в наличии", IN), ("Skladem", IN),
        ("Stokta var", IN), ("raktáron", IN), ("재고있음", IN), ("有货", IN), ("还有现货", IN), ("còn hàng", IN),
        ("tersedia", IN), ("מתוך המלאי: זמין", IN), ("متوفر", IN), ("Διαθέσιμο", IN), ("Auf Lager, 1-3 Tage", IN),
        ("ausverkauft", OUT), ("Rupture de stock", OUT), ("No disponible", OUT), ("нет в наличии", OUT), ("brak", OUT),
        ("品切れ", OUT), ("缺货", OUT), ("没有货", OUT), ("재고 없음", OUT), ("غير متوفر", OUT), ("أزال؟ نفد", OUT),
        ("Nicht mehr auf Lager", OUT), ("currently not in stock", OUT), ("Artikel ist leider nicht auf Lager", OUT),
        ("out-of-stock", OUT), ("OutOfStock", OUT), ("sold out until May", OUT), ("none", OUT), ("N", OUT),
        ("нет", OUT),
        ("予約受付中", PRE), ("Próximamente", PRE), ("скоро в продаже", PRE), ("https://schema.org/PreOrder", PRE),
        ("auf Bestellung", BACK), ("sur commande", BACK), ("под заказ", BACK), ("made to order", BACK),
        ("取り寄せ", BACK),
        ("https://schema.org/BackOrder/", BACK), ("снят с производства", GONE), ("廃盤", GONE), ("Discontinued", GONE),
        ("10+", IN), (">5", IN), ("≥ 3", IN), ("< 10", IN), ("<1", OUT), ("5 in stock", IN), ("0 in stock", OUT),
        ("1,5", IN), ("0.0", OUT), ("-3", OUT), ("1.000", IN), ("1 000 шт.", IN), ("nur noch 3 Stück", IN),
        ("0 szt.", OUT),
        ("1000000000", IN), ("más de 10", IN), ("5 disponibles", IN), ("0 ks", OUT),
    ],
)  # fmt: skip
def test_words_counts_and_sentences(written: str, means: Availability) -> None:
    assert stock_of(written) is means
    assert stock_of(f" {written.upper()} ") is means


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("Bestand: 7", IN), ("stock = 7", IN), ("qty: 0", OUT), ("Lagerbestand: 0 Stück", OUT), ("Quedan 4", IN),
        ("Hurry, only 4 left!", IN), ("Zostało 4 szt.", IN), ("Остаток: 0", OUT), ("残り4点", IN), ("10 or more", IN),
        ("✔", IN), ("❌", OUT), ("🔴", OUT), ("Green", IN), ("red", OUT), ("LOW", IN), ("अनुपलब्ध", OUT),
        ("Erscheint am 3. Mai", PRE), ("Available from 2026-12-01", PRE), ("Disponible à partir du 3 mai", PRE),
        ("nachlieferbar", BACK), ("Auslaufartikel", GONE), ("Discontinué", GONE), ("back in stock on May 3", OUT),
    ],
)  # fmt: skip
def test_labelled_counts_lights_and_dates(written: str, means: Availability) -> None:
    assert stock_of(written) is means


@pytest.mark.parametrize("written", ["maybe", "4-7 days", "2 weeks", "Berlin", "12:30", "?", "x" * 300])
def test_what_is_not_known_is_not_guessed(written: str) -> None:
    assert stock_of(written) is None


def test_no_word_stands_for_two() -> None:
    means = defaultdict(set)
    for known, lines in STOCK_WORDS.items():
        for phrase in (phrase for line in lines for phrase in line.split(",") if phrase.strip()):
            means[stock._plain(phrase)].add(known)
            assert stock_of(phrase) is known
    assert {phrase: several for phrase, several in means.items() if len(several) > 1} == {}
    assert len(means) > 1000


@given(st.text(max_size=60))
def test_any_text_is_stock_or_not(text: str) -> None:
    assert stock_of(text) is None or isinstance(stock_of(text), Availability)


def test_examples_in_the_docs_are_true() -> None:
    assert doctest.testmod(stock).failed == 0
