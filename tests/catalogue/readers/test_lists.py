"""Lists inside cells."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bottega.catalogue.readers.columns import column_names, mapping
from bottega.catalogue.readers.fields import flags, lists
from bottega.catalogue.readers.fields.lists import category_paths, entries_of, listed


@pytest.mark.parametrize("module", [lists, flags, mapping])
def test_examples_in_the_docs_are_true(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cell", "paths"),
    [
        ("", ()),
        ("Lamps", (("Lamps",),)),
        ("Home > Lamps, Sale > Lamps", (("Home", "Lamps"), ("Sale", "Lamps"))),
        ("Home > Lamps; Sale", (("Home", "Lamps"), ("Sale",))),
        ("Home > Lamps | Sale > Lamps", (("Home", "Lamps"), ("Sale", "Lamps"))),
        ("Home &gt; Lamps &amp; Bulbs", (("Home", "Lamps & Bulbs"),)),
        ("Home >> Lamps", (("Home", "Lamps"),)),
        ("Home » Lamps", (("Home", "Lamps"),)),
        ("home|lamps|floor", (("home", "lamps", "floor"),)),
        ("Food, Beverages & Tobacco > Snacks", (("Food, Beverages & Tobacco", "Snacks"),)),
        (
            "Vehicles & Parts > Vehicle Maintenance, Care & Decor > Wax",
            (("Vehicles & Parts", "Vehicle Maintenance, Care & Decor", "Wax"),),
        ),
        ("A & B > C, A & B > D", (("A & B", "C"), ("A & B", "D"))),
        ("Pots, Pans", (("Pots, Pans",),)),
        ('["Home > Lamps", "Sale"]', (("Home", "Lamps"), ("Sale",))),
        ("['Home', 'Lamps']", (("Home", "Lamps"),)),
        ('[{"id": 7, "name": "Home > Lamps"}]', (("Home", "Lamps"),)),
        ("Lamps > Lamps > Floor", (("Lamps", "Floor"),)),
    ],
)
def test_paths_of_categories(cell: str, paths: tuple[tuple[str, ...], ...]) -> None:
    assert category_paths(cell) == paths


@pytest.mark.parametrize(
    ("name", "cell", "values"),
    [
        ("material", "oak|brass", ["oak", "brass"]),
        ("material", "oak; brass", ["oak", "brass"]),
        ("color", "red, white/blue", ["red", "white", "blue"]),
        ("fit", "slim, tall", ["slim, tall"]),
        ("tags", "gift, summer", ["gift", "summer"]),
        ("maker", "Tom &amp; Jerry; Ann", ["Tom & Jerry", "Ann"]),
        ("size", '["S", "M", 40]', ["S", "M", "40"]),
        ("size", "[S", ["[S"]),
        ("size", "", []),
    ],
)
def test_values_of_attributes(name: str, cell: str, values: list[str]) -> None:
    assert entries_of(name, cell) == values


@given(st.text(max_size=80))
def test_any_cell_is_a_list_or_none(cell: str) -> None:
    assert listed(cell) is None or all(isinstance(entry, str) for entry in listed(cell) or ())
    assert all(level for path in category_paths(cell) for level in path)
    assert all(entries_of("color", cell))


def test_no_name_of_a_column_means_two_fields() -> None:
    fields = [name for field, names in column_names.FIELD_NAMES.items() for name in names if field != "list_price"]
    attributes = [name for names in column_names.ATTRIBUTE_NAMES.values() for name in names]
    assert sorted({name for name in fields if fields.count(name) > 1}) == []
    assert not set(fields) & set(attributes)
    assert not column_names.SHOWN_NAMES & {*fields, *attributes}


@pytest.mark.parametrize("text", ["N/A", "n/a", "#N/A", "s/d", "#DIV/0!", "[null]", "n/d"])
def test_a_word_for_nothing_is_not_taken_apart(text: str) -> None:
    assert entries_of("color", text) == [text] and entries_of("material", f" {text} ") == [text]
