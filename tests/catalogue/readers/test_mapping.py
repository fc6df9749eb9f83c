"""--map: what it means, and what it says when it means nothing."""

from __future__ import annotations

import pytest

from bottega.catalogue.readers.columns.mapping import bind, parse_mapping
from bottega.errors import MappingInvalid

COLUMNS = ["id", "Name, long", "Group", "Type", "Base Colour", "season", "a+b"]
ROW = {"id": "7", "Name, long": "Shirt", "Group": "Apparel", "Type": "Top", "Base Colour": "Red", "a+b": "x"}


def value(mapping: str, field: str) -> list[str]:
    bound = bind(parse_mapping(mapping), COLUMNS)
    return [part.value(ROW) for part in (bound.fields | bound.attributes)[field]]


@pytest.mark.parametrize(
    ("mapping", "field", "values"),
    [
        ("id=id", "id", ["7"]),
        ('title="Name, long"', "title", ["Shirt"]),
        ("category=Group+Type", "category", ["Apparel", "Top"]),
        ("title=a+b", "title", ["x"]),
        ("images=images/{id}.jpg+images/{id}_{Type}.jpg", "images", ["images/7.jpg", "images/7_Top.jpg"]),
        ("url=https://shop.example/p/{id}?x=1", "url", ["https://shop.example/p/7?x=1"]),
        ("images={season}.jpg", "images", [""]),
        ("brand:=Acme", "brand", ["Acme"]),
        ("brand:=", "brand", [""]),
        ("attr.color=base_colour", "color", ["Red"]),
        ("attr.Main Color=Base Colour", "main_color", ["Red"]),
        ("attributes=season+Base Colour", "base_colour", ["Red"]),
        ("attr.shop:=north", "shop", ["north"]),
    ],
)
def test_means(mapping: str, field: str, values: list[str]) -> None:
    assert value(mapping, field) == values


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ("title", "has 'title', which has no '='"),
        ("titles=id", "the field 'titles', which products do not have.*Did you mean title"),
        ("colour=id", "Write attr.colour="),
        ("title=names", "column 'names', which the file does not have.*Its columns are: id, Name, long"),
        ("title=Groups", "Did you mean Group"),
        ("images=images/{ID_}.jpg+{nix}", "from the column 'nix'"),
        ("title=id,title=Type", "sets 'title' twice.*title=first.second"),
        ("title=", "leaves 'title' without a column"),
    ],
)
def test_complains(mapping: str, message: str) -> None:
    with pytest.raises(MappingInvalid, match=message):
        bind(parse_mapping(mapping), COLUMNS)


def test_a_dict_says_the_same() -> None:
    assert parse_mapping({"id": "id", "brand:": "Acme"}) == parse_mapping("id=id,brand:=Acme")
    assert not parse_mapping(None)
