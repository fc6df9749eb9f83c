"""Every sample and every real file is read by its own reader and by no other, and every row is accounted for."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.catalogue.samples import SAMPLES

from bottega.catalogue.readers.registry import READERS
from bottega.sources.find import find_source

REAL = {
    "woocommerce_sample.csv": "woocommerce-csv",
    "woocommerce_serbian.csv": "woocommerce-csv",
    "woocommerce_serbian_variations.csv": "woocommerce-csv",
    "bigcommerce_feed.csv": "bigcommerce-csv",
    "prestashop_products_import.csv": "prestashop-csv",
    "prestashop_combinations_import.csv": "prestashop-csv",
    "wix_products.csv": "wix-csv",
    "etsy_upload.csv": "etsy-csv",
    "shopify_products.json": "shopify-json",
    "yml_russian.xml": "yml",
    "shopify_apparel.csv": "shopify-csv",
    "shopify_english.csv": "shopify-csv",
    "shopify_many_variants.csv": "shopify-csv",
    "shopify_small.csv": "shopify-csv",
    "shopify_spanish.csv": "shopify-csv",
    "shopify_with_awin.csv": "shopify-csv",
    "awin_feed.csv": "merchant-tsv",
    "google_feed.xml": "merchant-xml",
    "google_atom_russian.xml": "merchant-xml",
}
"""File of the public feeds to the format it has."""


@pytest.mark.parametrize("format", sorted(SAMPLES))
def test_each_sample_has_one_reader(tmp_path: Path, format: str) -> None:
    name, text = SAMPLES[format]
    path = tmp_path / name
    path.write_text(text)
    sure = {reader.name: reader.recognises(find_source(path)) for reader in READERS}
    others = max(value for name, value in sure.items() if name != format)
    assert sure[format] > others, sure
    known = {name for name, value in sure.items() if value > 0.5}
    assert known <= {format}, sure


@pytest.mark.parametrize(
    "format", sorted(name for name, (file, _) in SAMPLES.items() if file.endswith((".csv", ".tsv")))
)
def test_each_row_is_a_product_or_part_of_one_or_rejected(read_feed: Callable[..., Any], format: str) -> None:
    name, text = SAMPLES[format]
    feed = read_feed(name, text)
    rows = list(csv.reader(text.splitlines()))[1:]
    assert feed.format == format
    assert len(rows) == len(feed.products) + feed.reading.joined + feed.reading.rejected
    assert feed.reading.read == len(feed.products) + feed.reading.rejected


@pytest.mark.real_data
@pytest.mark.parametrize("name", sorted(REAL))
def test_each_real_file_has_one_reader(real_data: Callable[[str], Path], name: str) -> None:
    source = find_source(real_data(f"feeds/{name}"))
    sure = {reader.name: reader.recognises(source) for reader in READERS}
    assert max(sure, key=lambda format: sure[format]) == REAL[name], sure
    assert {format for format, value in sure.items() if value > 0.5} == {REAL[name]}, sure
