"""Names of a scatter chart stand beside their dots and cover nothing."""

from __future__ import annotations

from itertools import combinations

from bottega.evaluation.scatter import WIDTH, _labels

HALF_HEIGHT = 6


def test_names_cover_neither_one_another_nor_a_dot() -> None:
    dots = [(100.0, 150.0), (103.0, 152.0), (108.0, 149.0), (300.0, 20.0), (WIDTH - 5.0, 200.0)]
    names = ["item_neighbours", "transitions", "shopper_neighbours", "blend", "semantic_ids"]
    places = _labels(dots, names)
    halves = [3 * len(name) for name in names]
    for (x, y), half in zip(places, halves, strict=True):
        assert half <= x <= WIDTH - half
        assert all(abs(x - dot[0]) > half or abs(y - dot[1]) > HALF_HEIGHT for dot in dots)
    for one, other in combinations(range(len(names)), 2):
        apart = abs(places[one][0] - places[other][0]) >= halves[one] + halves[other]
        assert apart or abs(places[one][1] - places[other][1]) >= 2 * HALF_HEIGHT


def test_a_lonely_name_stands_to_the_right_of_its_dot() -> None:
    ((x, y),) = _labels([(50.0, 100.0)], ["popular"])
    assert y == 100.0 and 50 < x - 3 * len("popular") < 80
