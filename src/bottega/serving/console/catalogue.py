"""Products in the console: found by what they are and by what is missing; one product, and why it is shown or never."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response

from bottega.actions.intake.change_products import change_products, discontinue_products
from bottega.actions.intake.query_products import query_products
from bottega.actions.intake.shapes import ChangeRequest, DiscontinueProductsRequest, ProductQuery, ProductQueryAnswer
from bottega.actions.products.product_shapes import CatalogueCounts, CatalogueCountsRequest, ShowProductRequest
from bottega.actions.products.show_product import catalogue_counts, show_product
from bottega.actions.products.why_shapes import WhyShownRequest
from bottega.actions.products.why_shown import why_shown
from bottega.actions.proof.attribution import attribution
from bottega.actions.proof.attribution_shapes import AttributionRequest
from bottega.actions.reviews.reviews import reviews
from bottega.actions.reviews.shapes import ReviewsRequest
from bottega.catalogue.product import Product
from bottega.currencies import exponent
from bottega.errors import BottegaError, ProductInvalid
from bottega.names import Availability, Role
from bottega.serving.console.frame import Page, Visit, form_of, made_of, visit_of

__all__ = ["PAGES", "open_path", "router"]

router = APIRouter(include_in_schema=False)
PAGE = Page("/console/catalogue", "Products", group="Catalogue")
PRODUCT = Page("/console/catalogue/product", "Product", under=PAGE.path)
PAGES = (PAGE, PRODUCT)
STATES = (
    ("", "All"),
    ("shown", "May be shown"),
    ("not_shown", "Never shown: sold out, hidden"),
    ("hidden", "Hidden"),
    ("without_picture", "Without a picture"),
    ("without_description", "Without a text"),
    ("without_price", "Without a price"),
    ("with_doubts", "With doubts"),
    ("with_suggestions", "With suggestions"),
    ("not_in_model", "Not in the model"),
)
"""What products may be narrowed to, each with its words."""
CSV_MOST = 50_000
"""Rows of a file."""
PAGE_SIZE = 50
DAYS = 28
_HEADS = ("id", "title", "brand", "category", "price", "currency", "availability", "hidden", "pictures", "group")


def open_path(visit: Visit, path: str) -> str:
    """A listed page's path, where this shop's console has it and the visitor's role opens it; else nothing."""
    from bottega.serving.console.routes import PAGES as EVERY

    return path if any(page.path == path and visit.may(page.role) for page in EVERY) else ""


@router.get("/console/catalogue")
async def show(request: Request) -> Response:
    """Products, a page at a time."""
    visit = await visit_of(request, PAGE.role)
    asked = {name: request.query_params.get(name, "") for name in ("text", "category", "brand", "availability", "only")}
    after = request.query_params.get("after", "")
    if visit.wants_csv:
        return visit.csv("products", _HEADS, await _rows(visit, asked))
    counts: CatalogueCounts = await visit.ask(catalogue_counts, CatalogueCountsRequest(n=200))
    found: ProductQueryAnswer = await visit.ask(query_products, _query(asked, PAGE_SIZE, after))
    return visit.page(
        "catalogue.html",
        PAGE,
        counts=counts,
        products=found.products,
        asked=asked,
        states=STATES,
        stock=[("", "Any"), *((one.value, one.value.replace("_", " ")) for one in Availability)],
        after=visit.url(PAGE.path, **asked, after=found.next) if found.next else "",
        first=visit.url(PAGE.path, **asked) if after else "",
        csv=visit.url(PAGE.path, **asked, form="csv"),
        setup=open_path(visit, "/console/setup"),
    )


def _query(asked: Mapping[str, str], n: int, after: str = "") -> ProductQuery:
    wanted: dict[str, Any] = {name: [asked[name]] for name in ("category", "brand", "availability") if asked[name]}
    given: dict[str, Any] = {"n": n, "only": [asked["only"]] if asked["only"] else []}
    if asked["text"].strip():
        given["text"] = asked["text"]
    if wanted:
        given["filter"] = wanted
    if after:
        given["after"] = after
    found: ProductQuery = _shaped(ProductQuery, given)
    return found


def _shaped(shape: type[Any], given: dict[str, Any]) -> Any:
    """A request of values that have their types. Raises `RequestInvalid` in plain words."""
    from pydantic import ValidationError

    from bottega.serving.refusals import refusal_of

    try:
        return shape.model_validate(given)
    except ValidationError as error:
        raise refusal_of(error, "Correct it and try again.") from error


async def _rows(visit: Visit, asked: Mapping[str, str]) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    after = ""
    while len(rows) < CSV_MOST:
        found: ProductQueryAnswer = await visit.ask(query_products, _query(asked, 1000, after))
        rows += map(_cells, found.products)
        if found.next is None:
            break
        after = found.next
    return rows[:CSV_MOST]


def _cells(one: Product) -> tuple[Any, ...]:
    category, stock = " > ".join(one.category), one.availability.value
    hidden, pictures = "yes" if one.hidden else "no", len(one.images)
    price, money = _price(one), one.currency or ""
    return one.id, one.title, one.brand or "", category, price, money, stock, hidden, pictures, one.group_id or ""


def _price(one: Product) -> str:
    """In major units, as a form or a file has it; empty without one."""
    if one.price_minor is None or one.currency is None:
        return ""
    decimals = exponent(one.currency)
    return f"{one.price_minor / 10**decimals:.{decimals}f}"


@router.get("/console/catalogue/product")
async def show_one(request: Request) -> Response:
    """One product."""
    visit = await visit_of(request, PRODUCT.role)
    name = request.query_params.get("id", "")
    asked = made_of(ShowProductRequest, {"product_id": name}, "product_id")
    whole = await visit.ask(show_product, asked)
    product: Product = whole.product
    why = await visit.ask(why_shown, WhyShownRequest(product_id=name))
    earned = await visit.ask(
        attribution, AttributionRequest(by="product", days=DAYS, products=[product.group_id or product.id])
    )
    try:
        said = await visit.ask(reviews, ReviewsRequest(product_id=name, n=1))
    except BottegaError:  # without what reads reviews the page is whole all the same
        said = None
    return visit.page(
        "catalogue_product.html",
        Page(PRODUCT.path, product.title, under=PRODUCT.under),
        whole=whole,
        product=product,
        why=why,
        earned=next(iter(earned.rows), None),
        days=DAYS,
        currency=earned.currency,
        reviews=said if said is not None and said.reviews else None,
        price=_price(product),
        stock=[(one.value, one.value.replace("_", " ")) for one in Availability],
        rules_path=open_path(visit, "/console/rules"),
    )


@router.post("/console/catalogue/change")
async def change(request: Request) -> Response:
    """Some fields of one product, as its form has them."""
    visit, form = await form_of(request, Role.MANAGE)
    name = str(form.get("id", ""))
    before: Product = (
        await visit.ask(show_product, made_of(ShowProductRequest, {"product_id": name}, "product_id"))
    ).product
    fields = _changed(before, form)
    if not fields:
        return visit.done(f"{PRODUCT.path}?{_id(name)}", "Nothing was changed: the product says so already.")
    back = _before(before, fields)
    await _write(visit, {"id": before.id, **fields})
    said = ", ".join(sorted(fields["attributes"] if list(fields) == ["attributes"] else fields))
    undo = ("/console/catalogue/restore", {"id": before.id, "fields": json.dumps(back, ensure_ascii=False)})
    return visit.done(f"{PRODUCT.path}?{_id(name)}", f"Changed: {said.replace('_minor', '')}.", undo=undo)


@router.post("/console/catalogue/discontinue")
async def discontinue(request: Request) -> Response:
    """Take one product out of every list."""
    visit, form = await form_of(request, Role.MANAGE)
    name = str(form.get("id", ""))
    before: Product = (
        await visit.ask(show_product, made_of(ShowProductRequest, {"product_id": name}, "product_id"))
    ).product
    await visit.ask(discontinue_products, DiscontinueProductsRequest(product_ids=[before.id]))
    back = _before(before, {"availability": "", "hidden": ""})
    undo = ("/console/catalogue/restore", {"id": before.id, "fields": json.dumps(back)})
    return visit.done(f"{PRODUCT.path}?{_id(name)}", "It is in no list, search or page any more.", undo=undo)


@router.post("/console/catalogue/restore")
async def restore(request: Request) -> Response:
    """What a change wrote over, put back."""
    visit, form = await form_of(request, Role.MANAGE)
    name = str(form.get("id", ""))
    try:
        fields = json.loads(str(form.get("fields", "")))
        assert isinstance(fields, dict)
    except (ValueError, AssertionError):
        fields = {}
    await _write(visit, {**fields, "id": name})
    return visit.done(f"{PRODUCT.path}?{_id(name)}", "It says again what it said before.")


async def _write(visit: Visit, row: dict[str, Any]) -> None:
    """Raises what the row was refused for, or what could not be read of it."""
    answer = await visit.ask(change_products, ChangeRequest(products=[row]))
    for one in (*answer.rejected, *answer.warnings):
        raise ProductInvalid(one.seen, field=one.field, allowed=one.fix, next_step="Correct it and save again.")


def _changed(before: Product, form: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of the form that differ from the product."""
    fields: dict[str, Any] = {}
    now = {
        "title": before.title,
        "description": before.description,
        "brand": before.brand or "",
        "category": " > ".join(before.category),
        "availability": before.availability.value,
        "hidden": "yes" if before.hidden else "no",
    }
    for name, was in now.items():
        if name in form and (given := "\n".join(str(form[name]).strip().splitlines())) != was.strip():
            fields[name] = given if given or name in ("title", "description") else None
    if "hidden" in fields:
        fields["hidden"] = fields["hidden"] == "yes"
    if "category" in fields:
        fields["category"] = [level.strip() for level in (fields["category"] or "").split(">") if level.strip()]
    if "price" in form and (given := str(form["price"]).strip()) != _price(before):
        fields["price_minor"] = _minor(given, before.currency or str(form.get("currency", "")))
    if name := str(form.get("attribute", "")).strip():
        values = [value.strip() for value in str(form.get("values", "")).split(";") if value.strip()]
        if tuple(values) != before.attributes.get(name, ()):
            fields["attributes"] = {name: values or None}
    return fields


def _minor(given: str, currency: str) -> int | None:
    """A price as it was typed, in minor units; None for none. Raises `ProductInvalid`."""
    if not given:
        return None
    try:
        amount = float(given.replace(",", "."))
        if not 0 <= amount < 1e12:
            raise ValueError
    except ValueError as error:
        raise ProductInvalid(
            given, field="price", allowed="A price is a number, as in 19.90.", next_step="Correct it and save again."
        ) from error
    minor: int = round(amount * 10 ** exponent(currency or "USD"))
    return minor


def _before(product: Product, fields: Mapping[str, Any]) -> dict[str, Any]:
    """What a product says of these fields, as a change would write it."""
    told = product.model_dump(mode="json")
    back = {name: told[name] for name in fields if name != "attributes"}
    if "attributes" in fields:
        back["attributes"] = {name: told["attributes"].get(name) for name in fields["attributes"]}
    return back


def _id(name: str) -> str:
    from urllib.parse import urlencode

    return urlencode({"id": name})
