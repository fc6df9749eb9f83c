"""Bursts, copied texts, stars against words: found where they are, and not where they are not."""

from __future__ import annotations

from bottega.reviews.quality import DAY_MS, REVIEW_RULES, JudgedReview, judge_reviews
from bottega.sources.findings import CheckFindings

NOW = 1_760_000_000_000


def review(number: int, product: str = "lamp", **said: object) -> JudgedReview:
    fields: dict[str, object] = {
        "review_id": f"r{number:03}",
        "product_id": product,
        "shopper": None,
        "stars": 5.0,
        "words": f"text number {number}",
        "time_ms": NOW - number * 20 * DAY_MS,
        "feeling": 0.9,
    }
    return JudgedReview(**{**fields, **said})  # type: ignore[arg-type]


def found(reviews: list[JudgedReview]) -> dict[str, list[tuple[str, str]]]:
    findings = CheckFindings(REVIEW_RULES)
    judge_reviews(reviews, findings)
    return {rule: [(one.place, one.seen) for one in kept] for rule, kept in findings.kept.items()}


def test_a_steady_product_is_left_alone() -> None:
    assert found([review(number) for number in range(40)]) == {}
    assert found([]) == {}
    daily = [review(number, time_ms=NOW - number * DAY_MS // 4) for number in range(200)]
    assert found(daily) == {}, "many a day, every day, is a good seller"


def test_a_burst_is_found() -> None:
    burst = [review(100 + number, time_ms=NOW - number * 3_600_000) for number in range(12)]
    said = found([*[review(number + 1) for number in range(10)], *burst, *[review(n, "cup") for n in range(200, 230)]])
    assert said == {"reviews_burst": [("lamp", "12 of 22 reviews within two days, 5.0 stars on average")]}


def test_the_day_of_an_export_is_no_burst() -> None:
    same_day = [review(number, product, time_ms=NOW) for product in ("lamp", "cup") for number in range(20)]
    assert "reviews_burst" not in found(same_day)


def test_copies_are_found_whatever_their_case() -> None:
    long = "I bought three of them and they all still work"
    said = found([review(1, words=long), review(2, "cup", words=long.upper() + "!!"), review(3, words="Great product")])
    assert said == {"reviews_copied": [("r001, r002", f"2 reviews of 2 products: {long}")]}
    assert found([review(number, words="Great product, thank you") for number in range(9)]) == {}


def test_stars_that_the_words_contradict() -> None:
    said = found([review(1, feeling=-0.8), review(2, stars=1.0, feeling=0.8), review(3, stars=3.0, feeling=-0.9)])
    assert [place for place, _ in said["stars_against_words"]] == ["r001", "r002"]
    assert found([review(1, feeling=None), review(2, stars=None, feeling=-1.0)]) == {}
