"""Ids of products that other systems write another way."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bottega.errors import MappingInvalid
from bottega.events.batch import BETWEEN
from bottega.events.product_ids import ProductIds, parse_pattern, propose


def missing_from(*known: str) -> Callable[[Iterable[str]], set[str]]:
    return lambda ids: set(ids) - set(known)


@pytest.mark.parametrize(
    ("pattern", "text", "readings"),
    [
        ("gla_{id}", "gla_123", ["123"]),
        ("gla_{id}", "123", ["123"]),
        ("shopify_US_{group}_{id}", "shopify_US_77_123", ["123", "77"]),
        ("shopify_{country}_{group}_{id}", "shopify_DE_77_123", ["123", "77"]),
        ("gid://shopify/Product/{id}", "gid://shopify/Product/9", ["9"]),
        ("{sku}_{id}", "MUG_9", ["9"]),
        ("{id} => gla_{id}", "123", ["gla_123"]),
        ("{group}-{id} => {group}/{id}", "a-b", ["a/b"]),
        ("p({id})?", "p(7)?", ["7"]),
    ],
)
def test_a_pattern_reads_ids(pattern: str, text: str, readings: list[str]) -> None:
    parsed = parse_pattern(pattern)
    assert parsed is not None and parsed.readings(text) == readings


@pytest.mark.parametrize("pattern", ["gla_", "{sku}", "{id}{id}", "{id} => {group}", "{id} =>"])
def test_a_pattern_without_an_id_is_refused(pattern: str) -> None:
    with pytest.raises(MappingInvalid, match=r'--product-ids is .* For example --product-ids "gla_\{id\}"'):
        parse_pattern(pattern)
    assert parse_pattern(None) is None and parse_pattern("  ") is None


def test_of_several_ids_the_catalogue_chooses() -> None:
    ids = ProductIds(missing_from("123", "77", "SKU-9"), parse_pattern("shopify_US_{group}_{id}"))
    texts = pl.Series(["shopify_US_77_123", "shopify_US_77_999", "shopify_US_1_2", None, "77"])
    assert ids.chosen(texts, None).to_list() == ["123", "77", "2", None, "77"]
    assert sum(ids.translated.values()) == 3
    plain = ProductIds(missing_from("SKU-9", "77"))
    others = pl.Series([f"SKU-9{BETWEEN}77", None, "nothing"])
    assert plain.chosen(pl.Series(["v1", "v2", None]), others).to_list() == ["SKU-9", "v2", "nothing"]


@pytest.mark.parametrize(
    ("unknown", "catalogue", "pattern"),
    [
        ([f"gla_{n}" for n in range(100, 120)], [str(n) for n in range(100, 120)], "gla_{id}"),
        (
            [f"shopify_US_{n % 3 + 5000}_{n}" for n in range(100, 120)],
            [str(n) for n in range(100, 120)],
            "shopify_US_{group}_{id}",
        ),
        (
            [f"gid://shopify/ProductVariant/{n}" for n in range(100, 120)],
            [str(n) for n in range(100, 120)],
            "gid://shopify/ProductVariant/{id}",
        ),
        ([str(n) for n in range(100, 120)], [f"gla_{n}" for n in range(100, 120)], "{id} => gla_{id}"),
        ([f"{n}-online" for n in range(100, 120)], [str(n) for n in range(100, 120)], "{id}-online"),
    ],
)
def test_the_pattern_that_would_help_is_proposed(unknown: list[str], catalogue: list[str], pattern: str) -> None:
    found = propose(unknown, missing_from(*catalogue), catalogue)
    assert found is not None and found[1] == len(unknown)
    parsed = parse_pattern(found[0])
    assert parsed is not None and {parsed.readings(text)[0] for text in unknown} == set(catalogue)
    assert found[0] == pattern or "{" in found[0]


def test_nothing_is_proposed_where_nothing_helps() -> None:
    assert propose([f"x{n}" for n in range(50)], missing_from("a", "b"), ["a", "b"]) is None
    assert propose([], missing_from("a"), ["a"]) is None
    half = [f"gla_{n}" for n in range(10)] + [f"other{n}" for n in range(90)]
    assert propose(half, missing_from(*map(str, range(10))), []) is None


@given(st.text(max_size=12), st.sampled_from(["gla_{id}", "{sku}_{id}", "{id} => x{id}", "a{group}b{id}c"]))
def test_any_text_has_a_reading(text: str, pattern: str) -> None:
    parsed = parse_pattern(pattern)
    assert parsed is not None and parsed.readings(text) and all(isinstance(one, str) for one in parsed.readings(text))
