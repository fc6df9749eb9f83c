"""What is posted is read by the rules of the feeds: words for nothing, lists of pictures, categories as one text."""

from __future__ import annotations

from pathlib import Path

from bottega.actions.intake.posted_product import posted_product
from bottega.catalogue.product import Product


def test_words_of_forms_are_nothing_at_this_door_too(tmp_path: Path) -> None:
    row = {
        "id": 7,
        "title": "Unknown Pleasures",
        "brand": "Unbranded",
        "category": "Uncategorized",
        "description": "unknown",
        "group_id": "not set",
        "attributes": {"color": ["as shown"], "material": "n/a", "size": ["M", "unspecified"]},
    }
    product, problems = posted_product(row, currency="USD", images=tmp_path)
    assert product == Product(id="7", title="Unknown Pleasures", description="unknown", attributes={"size": ("M",)})
    assert [problem.rule for problem in problems].count("empty_word") == 6


def test_paths_are_split_as_in_feeds(tmp_path: Path) -> None:
    product, _ = posted_product({"id": "a", "title": "A", "category": "Home » Lamps"}, currency="USD", images=tmp_path)
    assert product.category == ("Home", "Lamps")


def test_attributes_are_spelt_and_read_as_in_feeds(tmp_path: Path) -> None:
    row = {
        "id": "a",
        "title": "A",
        "brand": "Marks &amp; Co",
        "category": ["Home", "Salt &amp; pepper"],
        "attributes": {
            "Base Colour": " red ",
            "base_colour": ["red", "<b>blue</b>"],
            "Fit": ["", "loose   cut"],
            "size": 40,
        },
    }
    product, _ = posted_product(row, currency="USD", images=tmp_path)
    assert (product.brand, product.category) == ("Marks & Co", ("Home", "Salt & pepper"))
    assert product.attributes == {"base_colour": ("red", "blue"), "fit": ("loose cut",), "size": ("40",)}
