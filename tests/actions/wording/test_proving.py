"""Whatever writes, nothing is shown that is not proved."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bottega.actions.wording.describe import describe
from bottega.actions.wording.shapes import DescribedListing, DescribeRequest
from bottega.catalogue.product import Product
from bottega.models.wording.text import Sentence, Text
from bottega.models.wording.writer import ListingWriter, WrittenListing
from bottega.shop.open_shop import OpenShop

WATCH = Product(
    id="w1", title="Titan Women Silver Watch", category=("Watches",),
    attributes={"color": ("Silver",), "gender": ("Women",), "season": ("Winter",)},
)  # fmt: skip


def _described(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lie: Any) -> DescribedListing:
    honest = ListingWriter.listing

    def listing(self: ListingWriter, *given: Any, **named: Any) -> WrittenListing:
        written: WrittenListing = lie(honest(self, *given, **named))
        return written

    with OpenShop.open(tmp_path) as shop:
        shop.upsert([WATCH])
        monkeypatch.setattr(ListingWriter, "listing", listing)
        (one,) = describe(shop, DescribeRequest(product_ids=["w1"], language="en")).listings
    return one


def _and(text: Text, more: str) -> Text:
    """A text with one sentence more, which claims to come from a frame."""
    start = len(text.text) + 1
    sentence = Sentence(start, start + len(more), "m01")
    return replace(text, text=f"{text.text} {more}", sentences=(*text.sentences, sentence))


def test_an_honest_writer_is_refused_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = _described(tmp_path, monkeypatch, lambda written: written)
    assert one.refused == [] and one.bullets and "silver" in one.description.casefold()


@pytest.mark.parametrize("more", ["Made of silver.", "Not for women.", "Best quality.", "For men.", "For 9.99 EUR."])
def test_a_sentence_that_no_fact_bears_out_is_left_out_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: str
) -> None:
    one = _described(
        tmp_path, monkeypatch, lambda written: replace(written, description=_and(written.description, more))
    )
    assert more not in one.description and one.description
    assert [reason for reason in one.refused if reason.startswith("description: ")]


def test_a_title_that_lies_gives_way_to_the_merchants_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def lie(written: WrittenListing) -> WrittenListing:
        title = replace(written.title, text="Titan silver watch", sentences=(Sentence(0, 18, "t09"),))
        return replace(written, title=title, alt=replace(title, kind=written.alt.kind), bullets=(title,))

    one = _described(tmp_path, monkeypatch, lie)
    assert one.title == one.alt == WATCH.title and one.bullets == []
    assert any("'silver' reads as material here" in reason for reason in one.refused)


def test_words_that_come_from_no_frame_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def lie(written: WrittenListing) -> WrittenListing:
        return replace(written, title=replace(written.title, text=f"{written.title.text} for women"))

    one = _described(tmp_path, monkeypatch, lie)
    assert one.title == WATCH.title
    assert "title: 'for women' comes from no frame" in one.refused
