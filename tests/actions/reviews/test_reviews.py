"""What the reviews of a product say, at every door: counted over its variants, quoted, warned of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bottega.actions.check.check import check
from bottega.actions.check.shapes import CheckRequest
from bottega.actions.intake.import_reviews import import_reviews
from bottega.actions.intake.put_reviews import put_reviews
from bottega.actions.intake.shapes import ImportReviewsRequest, PutReviewsRequest
from bottega.actions.reviews.reviews import reviews
from bottega.actions.reviews.shapes import ReviewsRequest
from bottega.catalogue.product import Product
from bottega.errors import EncoderUnavailable, ProductUnknown, RequestInvalid
from bottega.serving.cli.main import app
from bottega.shop.open_shop import OpenShop

WRITTEN = [
    ("lamp-s", 4, "Nice, but it runs small."),
    ("lamp-m", 3, "Zu klein, eine Nummer größer bestellen."),
    ("lamp", 2, "Taille petit, prendre une taille au-dessus. Livraison rapide."),
    ("lamp-s", 5, "True to size, love it!"),
    ("lamp-s", None, "Bought as a gift."),
]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    with OpenShop.open(tmp_path) as opened:
        opened.upsert(
            [Product(id=f"lamp-{size}", group_id="lamp", title="Coat") for size in "sml"]
            + [Product(id="cup", title="Cup")]
        )
        rows = [{"product_id": name, "rating": stars, "text": text} for name, stars, text in WRITTEN]
        put_reviews(opened, PutReviewsRequest(reviews=rows))
        yield opened


def test_counts_over_variants_are_quoted_and_warn(shop: OpenShop) -> None:
    answer = reviews(shop, ReviewsRequest(product_id="lamp-l"))
    assert (answer.reviews, answer.stars) == (5, 3.5) and sum(answer.by_stars.values()) == 4
    small = answer.sayings[0]
    assert (small.words, small.count, small.of) == ("it runs small", 3, 4)
    assert {quote.text for quote in small.quotes} == {
        "but it runs small.",
        "Zu klein, eine Nummer größer bestellen.",
        "Taille petit, prendre une taille au-dessus.",
    }
    assert answer.size_warning == "small"
    assert answer.warning == "3 of 4 say it runs small: think of one size larger."
    assert ("the delivery went well", 1, 1) in {(one.words, one.count, one.of) for one in answer.sayings}
    assert answer.model_copy(update={"product_id": "lamp"}) == reviews(shop, ReviewsRequest(product_id="lamp"))


@pytest.mark.parametrize(("title", "told"), [("Lavender Soap", False), ("Wool Coat", True), ("Zorblax 3", True)])
def test_sizes_are_told_of_what_is_worn_or_unknown(shop: OpenShop, title: str, told: bool) -> None:
    shop.upsert([Product(id="thing", title=title)])
    rows = [{"product_id": "thing", "rating": 3, "text": f"It runs small, {word}."} for word in ("sadly", "alas", "oh")]
    put_reviews(shop, PutReviewsRequest(reviews=rows))
    answer = reviews(shop, ReviewsRequest(product_id="thing"))
    assert answer.reviews == 3
    assert (answer.size_warning == "small", any(one.aspect == "size" for one in answer.sayings)) == (told, told)


def test_people_are_told_in_the_language_asked_for_and_quotes_stay_in_theirs(shop: OpenShop) -> None:
    own, german = (reviews(shop, ReviewsRequest(product_id="lamp", language=one)) for one in (None, "de"))
    assert (own.language, own.sayings[0].told) == ("en", "3 of 4 say it runs small")
    assert german.sayings[0].told == "3 von 4 sagen: Die Größe fällt klein aus"
    assert german.warning.startswith(german.sayings[0].told) and german.sayings[0].quotes == own.sayings[0].quotes
    with pytest.raises(RequestInvalid, match="Nobody writes 'xx' here"):
        reviews(shop, ReviewsRequest(product_id="lamp", language="xx"))


def test_what_is_hidden_or_changed_counts_no_more(shop: OpenShop) -> None:
    row = {"review_id": "x", "product_id": "cup", "text": "Handle broke off.", "rating": 1}
    put_reviews(shop, PutReviewsRequest(reviews=[row]))
    assert [one.words for one in reviews(shop, ReviewsRequest(product_id="cup")).sayings] == ["the quality is poor"]
    put_reviews(shop, PutReviewsRequest(reviews=[{**row, "text": "Sturdy and well made.", "rating": 5}]))
    assert [one.words for one in reviews(shop, ReviewsRequest(product_id="cup")).sayings] == ["the quality is good"]
    put_reviews(shop, PutReviewsRequest(reviews=[{**row, "hidden": True}]))
    assert reviews(shop, ReviewsRequest(product_id="cup")).reviews == 0
    with pytest.raises(ProductUnknown):
        reviews(shop, ReviewsRequest(product_id="nothing"))


def test_an_encoder_that_is_not_there_is_said_before_anything_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOTTEGA_ENCODER", "e5")
    file = tmp_path / "r.csv"
    file.write_text("product_id,text\nlamp,fine\n")
    with OpenShop.open(tmp_path / "shop") as shop:
        with pytest.raises(EncoderUnavailable, match="There is no encoder 'e5'"):
            import_reviews(shop, ImportReviewsRequest(source=file))
        assert shop.store.reviews.count() == 0


def test_check_finds_what_looks_wrong(shop: OpenShop) -> None:
    text = "This is the very best lamp that anybody could ever buy"
    rows = [{"product_id": name, "text": text, "rating": 1, "shopper": name} for name in ("lamp-s", "cup")]
    put_reviews(shop, PutReviewsRequest(reviews=rows))
    found = {rule.rule: rule for rule in check(shop, CheckRequest()).rules}
    assert found["reviews_copied"].count == 1
    assert found["stars_against_words"].count == 2


def test_the_command_says_it_in_lines(shop: OpenShop, tmp_path: Path) -> None:
    said = CliRunner().invoke(app, ["reviews", "lamp", "--n", "3", "--shop", str(tmp_path)]).output
    assert "lamp: 5 reviews, 3.5 of 5 stars." in said
    assert "3 of 4 say it runs small" in said and '"but it runs small." (4 stars)' in said
    german = CliRunner().invoke(app, ["reviews", "lamp", "--language", "de", "--shop", str(tmp_path)]).output
    assert "3 von 4 sagen: Die Größe fällt klein aus" in german
    nothing = CliRunner().invoke(app, ["reviews", "cup", "--shop", str(tmp_path)])
    assert nothing.exit_code == 0 and "Nobody has reviewed cup yet." in nothing.output
