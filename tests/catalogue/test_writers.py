"""What is exported comes back: the same products, but for what a format has no place for, which it names."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bottega.catalogue.product import Product
from bottega.catalogue.readers.fields.text import reads_as_html
from bottega.catalogue.writers.base import HeaderNeeds, Losses, Writer, write
from bottega.catalogue.writers.registry import WRITERS, writer_called
from bottega.errors import FormatUnknown
from bottega.names import Availability
from bottega.placeholders import says_nothing_of

BY_NAME = {writer.name: writer for writer in WRITERS}
I = "https://s.example/"  # noqa: E741


def written(writer: Writer, families: Sequence[Sequence[Product]], currency: str = "EUR") -> tuple[str, Losses]:
    out, needs, losses = io.StringIO(), HeaderNeeds(), Losses()
    for product in (product for family in families for product in family):
        needs.look(product)
    for _ in write(writer, families, out, needs=needs, currency=currency, losses=losses):
        pass
    return out.getvalue(), losses


def _means_itself(text: str) -> bool:
    words = text.replace("'", " ").split()
    return not any(says_nothing_of(field, text) for field in ("brand", "category", "color", "fit", "tags")) and bool(
        words
    )


ODD = [
    "W&ap;", "AT&amp;T", "&lt;b&gt;", "<b>Bold</b>", "<no one>", "<3 Tea", "a < b", "a<b & c>d", "R&D", "Salt&Pepper;",
    "&copy007", "&frac12;", "&#39",
    "&copy", "&copy;", "&#39;", "&#x3C;b&#x3E;", "&amp;amp;", "Ã©", "Ros\ufffd", '"Oak"', 'Lamp 12"', "'Oak'", "=1+1",
    "+49", "-5", "@home", "#fff", "Red:#ff0000", "1984", "007", "1,5", "true", "{name}", "$9", "100%", "x" * 300,
    "Oak,", "a\\nb", "A & B; C", "Oak -> Ash", "&nbsp;x", "[sale]",
]  # fmt: skip
"""Texts that a reader may take for something else."""


def texts(marks: str = "", size: int = 20) -> st.SearchStrategy[str]:
    letters = st.characters(codec="utf-8", categories=("Lu", "Ll", "Lo"))
    told = st.text(letters | st.sampled_from(" -.'!()+1234567890" + marks), min_size=1, max_size=size)
    odd = st.lists(st.sampled_from([text for text in ODD if not set(text) & (SEPARATING - set(marks))]), max_size=2)
    return (
        st.tuples(told, odd)
        .map(lambda parts: re.sub(r"\s+", " ", f"W{parts[0]}{''.join(parts[1])}").strip())
        .filter(_means_itself)
    )


SEPARATING = frozenset(",;|>=/\\")
NATIVE = {"gender": ["male", "female", "unisex"], "condition": ["new", "used"], "age_group": ["adult", "kids"]}
attributes = st.dictionaries(
    st.sampled_from(["fit", "care", "season", "usage"]),
    st.lists(texts(',:"&<'), min_size=1, max_size=2, unique=True),
    max_size=3,
)
single = st.fixed_dictionaries(
    {},
    optional={
        "color": st.lists(texts("&"), min_size=1, max_size=1),
        "size": st.lists(texts('",&'), min_size=1, max_size=1),
        "gtin": st.just(["4006381333931"]),
        "tags": st.lists(texts("&"), min_size=1, max_size=3, unique=True),
        **{name: st.lists(st.sampled_from(values), min_size=1, max_size=1) for name, values in NATIVE.items()},
    },
)


@st.composite
def products(draw: Callable[..., Any], group: str | None, number: int, shared: dict[str, Any] | None = None) -> Product:
    minor = draw(st.integers(1, 10**6) | st.none())
    own = draw(single) | (draw(attributes) if shared is None else {})
    told = {name: tuple(values) for name, values in own.items()}
    if minor is not None and draw(st.booleans()):
        told["list_price"] = (f"{(minor + draw(st.integers(1, 999))) / 100:.2f}",)
    fields = shared or draw(shareds())
    if group is not None:
        told = {name: values for name, values in told.items() if name in ("color", "size", "gtin", "list_price")}
        told["size"] = (f"S{number}",)
    return Product(
        id=f"P-{group or ''}{number}",
        group_id=group,
        price_minor=minor,
        currency=None if minor is None else "EUR",
        availability=draw(st.sampled_from([Availability.IN_STOCK, Availability.OUT_OF_STOCK])),
        url=f"{I}p/{number}" if shared is None and draw(st.booleans()) else None,
        attributes=told | fields.pop("attributes", {}) if shared is None else told | fields["attributes"],
        **{name: value for name, value in fields.items() if name != "attributes"},
    )


@st.composite
def shareds(draw: Callable[..., Any]) -> dict[str, Any]:
    images = draw(st.lists(st.sampled_from([f"{I}{n}.jpg" for n in range(9)]), max_size=4, unique=True))
    return {
        "title": draw(texts('",;:|>&<')),
        "description": draw(texts('",;:|>&') | st.just("")),
        "brand": draw(texts(";:&") | st.none()),
        "category": tuple(draw(st.lists(texts("&"), max_size=3, unique=True))),
        "hidden": draw(st.booleans()),
        "images": tuple(images),
        "attributes": {name: tuple(values[:1]) for name, values in draw(attributes).items()},
    }


@st.composite
def catalogues(draw: Callable[..., Any]) -> list[list[Product]]:
    families = []
    for place in range(draw(st.integers(1, 4))):
        count = draw(st.integers(1, 3))
        if count == 1:
            families.append([draw(products(None, place))])
        else:
            shared = draw(shareds())
            families.append([draw(products(f"g{place}", number, shared)) for number in range(count)])
    return families


def plain(product: Product, *lost: str) -> dict[str, Any]:
    """A product as it can be compared: its former price as cents, without what a format names among its limits."""
    said = product.model_dump(exclude={"source_row", "updated_at_ms", *lost})
    former = said["attributes"].pop("list_price", None)
    said["list_price"] = round(float(re.sub(r"[^\d.]", "", former[0])) * 100) if former else None
    return said


LOST = {"google": (), "meta": (), "shopify": ("url",), "woocommerce": ("url",), "bigcommerce": ("url",)}


@pytest.mark.parametrize("name", sorted(BY_NAME))
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@example(families=[[Product(id="1", title="W&ap;")]])
@given(families=catalogues())
def test_what_is_written_is_read_back(read_feed: Callable[..., Any], name: str, families: list[list[Product]]) -> None:
    writer = BY_NAME[name]
    if name in ("woocommerce", "bigcommerce"):
        families = [[_without(product, "|;=>") for product in family] for family in families]
    text, losses = written(writer, families)
    feed = read_feed(f"export{writer.suffix}", text, format=writer.reads_as, currency="EUR")
    given_products = [product for family in families for product in family]
    if name == "google":
        assert losses.left_out == {"hidden": hidden} if (hidden := sum(one.hidden for one in given_products)) else True
        given_products = [product for product in given_products if not product.hidden]
    back = {product.id: plain(product, *LOST[name]) for product in feed.products}
    assert back == {product.id: plain(product, *LOST[name]) for product in given_products}
    assert feed.reading.rejected == 0
    assert not set(losses.fields) - {*LOST[name], "images"}


def _without(product: Product, marks: str) -> Product:
    """Without what separates in a format, as its limits say."""

    def clean(text: str) -> str:
        return re.sub(f"[{re.escape(marks)}]", "", text)

    attributes = {name: tuple(map(clean, values)) for name, values in product.attributes.items()}
    return product.model_copy(update={"attributes": attributes, "brand": product.brand and clean(product.brand)})


@pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.name)
def test_every_export_is_known_by_its_own_reader(read_feed: Callable[..., Any], writer: Writer) -> None:
    lamp = Product(id="lamp", title="Lamp", price_minor=500, currency="EUR", images=(f"{I}1.jpg",), url=f"{I}lamp")
    tees = [
        Product(
            id=f"tee-{size}", group_id="tee", title="Tee", price_minor=900, currency="EUR", attributes={"size": (size,)}
        )
        for size in "SML"
    ]
    text, _ = written(writer, [[lamp], tees])
    feed = read_feed(f"export{writer.suffix}", text, currency="EUR")
    assert feed.format == writer.reads_as
    assert {one.id: (one.group_id, one.price_minor) for one in feed.products} == {
        "lamp": (None, 500), "tee-S": ("tee", 900), "tee-M": ("tee", 900), "tee-L": ("tee", 900),
    }  # fmt: skip


@st.composite
def free_families(draw: Callable[..., Any]) -> list[list[Product]]:
    """Families whose texts hold anything that a shop may hold, separators of every format included."""
    marks = "".join(sorted(SEPARATING)) + '"&<:#' + "»›→"
    free = texts(marks) | st.sampled_from(ODD).filter(_means_itself)

    def one(group: str | None, number: int) -> Product:
        attributes = st.dictionaries(
            st.sampled_from(["fit", "color", "tags", "condition", "gender", "gtin", "mpn", "product_type", "material"]),
            st.lists(free, min_size=1, max_size=2, unique=True),
            max_size=4,
        )
        return Product(
            id=f"P-{group or ''}{number}",
            group_id=group,
            title=draw(free),
            description=draw(free),
            brand=draw(free | st.none()),
            category=tuple(draw(st.lists(free, max_size=2, unique=True))),
            attributes={
                name: tuple(f"Type {value}" if name == "product_type" else value for value in values)
                for name, values in draw(attributes).items()
            },
        )

    alone = [[one(None, number)] for number in range(draw(st.integers(0, 2)))]
    return [*alone, [one("g", number) for number in range(draw(st.integers(1, 3)))]]


@pytest.mark.parametrize("name", sorted(BY_NAME))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(families=free_families())
def test_what_is_not_read_back_is_counted(
    read_feed: Callable[..., Any], name: str, families: list[list[Product]]
) -> None:
    writer = BY_NAME[name]
    text, losses = written(writer, families)
    feed = read_feed(f"export{writer.suffix}", text, format=writer.reads_as, currency="EUR")
    back = {product.id: product for product in feed.products}
    differs: Counter[str] = Counter()
    for product in (product for family in families for product in family):
        read = back.pop(product.id)
        differs.update(
            field
            for field in ("title", "description", "brand", "category")
            if getattr(read, field) != getattr(product, field)
        )
        differs.update(
            f"attr.{name}"
            for name in read.attributes.keys() | product.attributes.keys()
            if read.attributes.get(name) != product.attributes.get(name)
        )
    assert not back
    differs.pop("attr.categories", None)  # what became of one path that was read as several
    differs.pop("attr.category_id", None)  # and of one that is a number
    assert differs == +losses.fields


def test_a_category_that_is_a_number_is_lost_to_whoever_had_it(read_feed: Callable[..., Any]) -> None:
    writer = BY_NAME["bigcommerce"]
    family = [
        Product(id=f"P-{number}", group_id="g", title="Tee", category=category)
        for number, category in enumerate([("1984",), (), ("Tees",)])
    ]
    text, losses = written(writer, [family])
    feed = read_feed("export.csv", text, format=writer.reads_as, currency="EUR")
    assert {product.id: product.category for product in feed.products} == {"P-0": (), "P-1": (), "P-2": ()}
    assert losses.fields["category"] == 2


@pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.name)
@pytest.mark.parametrize("text", ODD)
def test_odd_texts_are_read_back(read_feed: Callable[..., Any], writer: Writer, text: str) -> None:
    marks = "|;=>" if writer.name in ("woocommerce", "bigcommerce") else ";" if writer.name == "shopify" else ""
    marks += "," if writer.name in ("bigcommerce", "shopify") else ""
    value = text if reads_as_html(text) or not marks else re.sub(f"[{re.escape(marks)}]", "", text)
    product = Product(
        id="1",
        title=text,
        description=text,
        brand=value,
        category=(value.replace(">", ""), "Lamps"),
        attributes={"fit": (value,), "tags": (value, "gift"), "size": (value,)},
    )
    variants = [
        product.model_copy(
            update={"id": f"v{n}", "group_id": "g", "attributes": product.attributes | {"size": (f"{value} {n}",)}}
        )
        for n in (2, 3)
    ]
    told, losses = written(writer, [[product], variants])
    feed = read_feed(f"export{writer.suffix}", told, format=writer.reads_as, currency="EUR")
    back = {one.id: plain(one) for one in feed.products}
    assert back == {one.id: plain(one) for one in (product, *variants)}
    assert not any(losses.fields.values())


@pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.name)
def test_texts_of_machines_stay_marked(read_feed: Callable[..., Any], writer: Writer) -> None:
    lamp = Product(
        id="1", title='Lamp "Oak": warm', description="A lamp\nof oak.", attributes={"generated": ("title",)}
    )
    text, _ = written(writer, [[lamp]])
    (back,) = read_feed(f"export{writer.suffix}", text, format=writer.reads_as).products
    assert (back.title, back.description, back.attributes) == (lamp.title, lamp.description, lamp.attributes)
    if writer.name == "google":
        assert "trained_algorithmic_media" in text


def test_what_a_format_cannot_hold_is_counted() -> None:
    lamp = Product(
        id="1", title="Lamp", price_minor=5, currency="USD", availability=Availability.PREORDER, images=("a.jpg",)
    )
    _, losses = written(BY_NAME["shopify"], [[lamp]])
    assert dict(losses.fields) == {"price": 1, "availability": 1, "images": 1}
    gone = lamp.model_copy(update={"availability": Availability.DISCONTINUED})
    text, losses = written(BY_NAME["google"], [[gone], [lamp]])
    assert losses.left_out == {"discontinued": 1} and text.count("\n") == 2
    with pytest.raises(FormatUnknown, match=r"no format 'amazon' to write\. Formats are: google"):
        writer_called("amazon")


def test_the_page_names_every_format_and_its_limits() -> None:
    page = (
        (Path(__file__).parents[2] / "docs" / "feeds.md").read_text().split("\n## Exports\n", 1)[1].split("\n## ", 1)[0]
    )
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    assert rows == [
        f"| `{writer.name}` | {writer.describe} | {'; '.join(writer.limits).replace('|', '&#124;')} |"
        for writer in WRITERS
    ]
