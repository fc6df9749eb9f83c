"""The question back: asked only where it halves the choice, never of what is known."""

from __future__ import annotations

from bottega.actions.assistant.narrowing import best_question
from bottega.actions.search.shapes import Facet, FacetValue


def facet(name: str, **counts: int) -> Facet:
    values = [FacetValue(value=value, label=value, count=count, chosen=False) for value, count in counts.items()]
    return Facet(name=name, attribute=name not in ("brand", "price"), values=values)


def test_it_asks_what_leaves_least() -> None:
    found = best_question([facet("color", red=5, blue=5), facet("fit", a=4, b=3, c=3)], 10, known=())
    assert found is not None and found.field == "fit" and round(found.left, 2) == 0.34


def test_it_asks_nothing_that_does_not_halve_the_choice() -> None:
    assert best_question([facet("color", red=9, blue=1)], 10, known=()) is None
    assert best_question([facet("color", red=3, blue=2)], 10, known=()) is None  # half of them say no colour
    assert best_question([facet("color", **{f"c{n}": 1 for n in range(20)})], 20, known=()) is None
    assert best_question([], 10, known=()) is None


def test_it_asks_nothing_that_is_known_and_the_price_last() -> None:
    colours, prices = facet("color", red=5, blue=5), facet("price", a=2, b=2, c=2, d=2, e=2)
    asked = best_question([prices, colours], 10, known=())
    assert asked is not None and asked.field == "color"
    asked = best_question([prices, colours], 10, known=["color"])
    assert asked is not None and asked.field == "price"
    assert best_question([prices, colours], 10, known=["color", "price"]) is None
