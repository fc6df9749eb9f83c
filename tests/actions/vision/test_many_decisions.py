"""Many suggestions decided on and taken back at once: by attribute, value, product, confidence, decision."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bottega.actions.intake.shapes import UpsertRequest
from bottega.actions.intake.upsert_products import upsert_products
from bottega.actions.vision.shapes import DecisionAnswer, DecisionRequest, DecisionsRequest, SuggestionQuery
from bottega.actions.vision.suggestions import decide_suggestions, list_decisions, list_suggestions
from bottega.errors import RequestInvalid
from bottega.shop.open_shop import OpenShop
from bottega.store.suggestions import Suggestion, SuggestionKind


@pytest.fixture
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenShop]:
    """Twelve products, each with a colour and a fit suggested, from 0.5 to 0.94 sure."""
    with OpenShop.open(tmp_path_factory.mktemp("shop")) as opened:
        upsert_products(opened, UpsertRequest(products=[{"id": f"p{i}", "title": f"Shirt {i}"} for i in range(12)]))
        opened.store.suggestions.put(
            [
                Suggestion(
                    SuggestionKind.FILL, f"p{i}", name, value, 0.5 + 0.04 * i, maker="eye", version="1", time_ms=1
                )
                for i in range(12)
                for name, value in (("color", "red" if i % 3 else "blue"), ("fit", "slim"))
            ]
        )
        yield opened


def decide(shop: OpenShop, decision: str, **asked: object) -> DecisionAnswer:
    return decide_suggestions(shop, DecisionRequest.model_validate({"decision": decision, **asked}))


def said(shop: OpenShop) -> dict[str, dict[str, tuple[str, ...]]]:
    return {one.id: dict(one.attributes) for one in shop.store.products.all() if one.attributes}


def test_what_a_question_finds_is_counted_and_decided_whole(shop: OpenShop) -> None:
    page = list_suggestions(shop, SuggestionQuery(attribute="color", above=0.7, n=2))
    assert page.total == 7 and len(page.suggestions) == 2 and page.next
    assert [(one.value, one.count) for one in page.values] == [("red", 5), ("blue", 2)]
    done = decide(shop, "accept", attribute="color", value="red", above=0.7)
    assert (done.decided, done.written) == (5, 5)
    assert said(shop) == {f"p{i}": {"color": ("red",)} for i in (5, 7, 8, 10, 11)}
    assert decide(shop, "reject", product_ids=["p0", "p1"]).decided == 4
    assert decide(shop, "reject", below=0.6).decided == 2, "p0 and p1 are decided"


def test_a_value_is_undone_whoever_accepted_it_when(shop: OpenShop) -> None:
    decide(shop, "accept", attribute="color", value="red")
    decide(shop, "accept", product_ids=["p0", "p3"])
    found = list_decisions(shop, DecisionsRequest())
    assert [(one.state, one.count, one.parts) for one in found.decisions] == [
        ("accepted", 4, {"color": 2, "fit": 2}),
        ("accepted", 8, {"color": 8}),
    ]
    assert list_decisions(shop, DecisionsRequest(n=1)).next == found.decisions[0].batch
    undone = decide(shop, "undo", state="accepted", attribute="color", value="red")
    assert (undone.decided, undone.written, undone.left) == (8, 8, [])
    assert said(shop) == {name: {"color": ("blue",), "fit": ("slim",)} for name in ("p0", "p3")}
    part = decide(shop, "undo", batch=found.decisions[0].batch, attribute="fit")
    assert part.decided == 2 and said(shop) == {name: {"color": ("blue",)} for name in ("p0", "p3")}
    assert decide(shop, "undo", state="accepted", kind="fill").decided == 2
    assert said(shop) == {} and list_decisions(shop, DecisionsRequest()).decisions == []
    assert list_suggestions(shop, SuggestionQuery()).total == 24


@pytest.mark.parametrize(
    "asked",
    [
        {"decision": "undo", "attribute": "color"},
        {"decision": "undo", "state": "accepted", "batch": 1},
        {"decision": "accept", "state": "accepted", "attribute": "color"},
        {"decision": "accept", "numbers": [1], "attribute": "color"},
        {"decision": "accept", "kind": "fill"},
    ],
)
def test_what_is_meant_is_said_once(shop: OpenShop, asked: dict[str, object]) -> None:
    with pytest.raises(RequestInvalid):
        decide(shop, **asked)  # type: ignore[arg-type]
