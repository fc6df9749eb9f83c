"""What each page of the public storefront shows. Whoever asks is nobody here: a page is the same for all."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NamedTuple
from urllib.parse import quote

from fastapi import Request
from markupsafe import Markup

from bottega.actions.catalogue.browse import BrowseRequest, browse
from bottega.actions.recommend.find_similar import find_similar
from bottega.actions.recommend.shapes import SimilarRequest
from bottega.actions.reviews.reviews import reviews
from bottega.actions.reviews.shapes import ReviewsRequest
from bottega.actions.search.shapes import SearchRequest
from bottega.actions.wording.describe import spoken
from bottega.catalogue.addresses import is_web
from bottega.catalogue.product import Product
from bottega.catalogue.writers.base import money
from bottega.errors import BottegaError
from bottega.names import ID_MAX, Availability
from bottega.prices import price_written
from bottega.serving.storefront.cards import ProductPage, card, product_page
from bottega.serving.storefront.public.addresses import category_path, picture_path, product_path, search_path
from bottega.serving.storefront.public.structured import (
    breadcrumbs_ld,
    data_script,
    item_list_ld,
    product_ld,
    site_ld,
)
from bottega.serving.storefront.public.words import LANGUAGES, words_of
from bottega.serving.storefront.shopfront import Shopfront
from bottega.shop.page_key import page_key

__all__ = ["NoSuchPage", "PageGone", "PageMoved", "Pages", "PublicPage"]

PAGE = 36
"""Products of a page of a category."""
SIMILAR = 8
REVIEWS_QUOTED = 2
VARIANTS_MAX = 200
"""Variants that a page names."""
DESCRIPTION_MAX = 160
"""Characters of a description that search engines show."""
TEXT_MAX = 200
SPOKEN_S = 600.0
PICTURES_MAX = 10


class NoSuchPage(Exception):
    """Nothing stands at the address."""


class PageGone(Exception):
    """What stood there is no longer made; `fields` show what is like it."""

    def __init__(self, fields: dict[str, Any]) -> None:
        super().__init__()
        self.fields = fields


class PageMoved(Exception):
    """The merchant sends whoever asks for it elsewhere."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address


class PublicPage(NamedTuple):
    """A page: its template, and what that shows."""

    template: str
    fields: dict[str, Any]


class CardShown(NamedTuple):
    """A product among others."""

    id: str
    title: str
    brand: str | None
    price: str
    picture: str
    alt: str
    note: str
    """Why it cannot be bought now; "" where it can."""


class Pages:
    """The pages of one shop."""

    def __init__(self, front: Shopfront) -> None:
        self.front, self._shop = front, front.shop
        self._spoken = (0.0, "")

    @property
    def language(self) -> str:
        """What the pages speak; where the catalogue says it, it is looked at again after some minutes."""
        if chosen := self._shop.settings.storefront_language:
            return chosen
        until, found = self._spoken
        if until < time.monotonic():
            with suppress(BottegaError):  # nobody writes that language here, or the store does not answer
                found = spoken(self._shop, None)
            found = found if found in LANGUAGES else LANGUAGES[0]
            self._spoken = time.monotonic() + SPOKEN_S, found
        return found

    @property
    def words(self) -> dict[str, str]:
        """What is said in it."""
        return words_of(self.language)

    def frame(self) -> dict[str, Any]:
        """What stands around every page."""
        everything = browse(self._shop, BrowseRequest(n=1, offered=True))
        return {
            "name": self.front.name,
            "words": self.words,
            "key": page_key(self._shop),
            "tops": [(one.label, category_path(one.path), one.count, one.path) for one in everything.inside],
            "links": self._shop.settings.storefront_links,
            "assistant_product": "/product?id=",
        }

    def home(self, request: Request) -> PublicPage:
        """The shop's first page."""
        found = browse(self._shop, BrowseRequest(n=PAGE, offered=True))
        whole = [site_ld(self.front.name, f"{self._base}/")] if self._base else []
        fields = {"cards": self._cards(found.groups), "total": found.total, "more": found.next is not None}
        return PublicPage("home.html", {**self._head("", "/"), **fields, "data": data_script(*whole) if whole else ""})

    def category(self, request: Request) -> PublicPage:
        """A page of a category, or of everything."""
        path, page = request.query_params.getlist("in"), request.query_params.get("page", "1")
        if len(path) > 20 or not (page.isascii() and page.isdigit() and 1 <= int(page[:6]) < 100_000):
            raise NoSuchPage
        number = int(page)
        found = browse(self._shop, BrowseRequest(category=path, n=PAGE, after=(number - 1) * PAGE, offered=True))
        if not found.groups:
            raise NoSuchPage
        steps = [(name, category_path(path[: depth + 1])) for depth, name in enumerate(path)]
        label = path[-1] if path else self.words["everything"]
        title = label if number == 1 else f"{label} – {self.words['page'].format(n=number)}"
        parts = [breadcrumbs_ld([(name, self._base + link) for name, link in [(self.front.name, "/"), *steps]])]
        addresses = [f"{self._base}{product_path(group[0].id)}" for group in found.groups]
        parts.append(item_list_ld(addresses, after=(number - 1) * PAGE))
        fields = {
            "heading": label,
            "steps": steps[:-1],
            "path": path,
            "cards": self._cards(found.groups),
            "total": found.total,
            "inside": [(one.label, category_path(one.path), one.count) for one in found.inside],
            "number": number,
            "before": category_path(path, number - 1) if number > 1 else "",
            "next": category_path(path, number + 1) if found.next is not None else "",
            "data": data_script(*parts) if self._base else "",
        }
        return PublicPage("category.html", {**self._head(title, category_path(path, number)), **fields})

    def product(self, request: Request) -> PublicPage:
        """A product with its variants."""
        asked = request.query_params.get("id", "")
        if not 0 < len(asked) <= ID_MAX:
            raise NoSuchPage
        group = self.front.groups([asked]).get(asked)
        if group is None:
            raise PageGone({"cards": self._like(asked), "heading": ""}) if self.front.is_gone(asked) else NoSuchPage()
        made = [one for one in group if one.availability is not Availability.DISCONTINUED]
        if not made or (asked in {one.id for one in group} - {one.id for one in made}):
            raise PageGone({"cards": self._like(asked), "heading": group[0].title})
        made = [one if one.currency else one.model_copy(update={"currency": self.front.currency}) for one in made]
        chosen = next((one for one in made if one.id == asked), None) or next(
            (one for one in made if one.recommendable), made[0]
        )
        page = product_page(made[:VARIANTS_MAX], **self._shown_as)
        told = reviews(self._shop, ReviewsRequest(product_id=chosen.id, n=REVIEWS_QUOTED, language=self.language))
        rating = (told.stars, told.reviews) if told.stars is not None and told.reviews else None
        first = product_path(made[0].id)
        steps = [(name, category_path(chosen.category[: depth + 1])) for depth, name in enumerate(chosen.category)]
        pictures = {one.id: [self._whole(picture_path(each)) for each in one.images[:PICTURES_MAX]] for one in made}
        link = {one.id: f"{self._base}{product_path(one.id)}" for one in made}
        data = data_script(
            product_ld(
                made[:VARIANTS_MAX],
                title=page.title,
                link=link,
                pictures=pictures,
                varies_by=page.varies_by,
                rating=rating,
            ),
            breadcrumbs_ld(
                [
                    *[(name, self._base + to) for name, to in [(self.front.name, "/"), *steps]],
                    (page.title, self._base + first),
                ]
            ),
        )
        title = chosen.title if len(made) > 1 and chosen.id == asked else page.title
        head = self._head(title, first, description=chosen.description)
        return PublicPage("product.html", {
            **head, **self._product_fields(chosen, page, steps, title), "data": data if self._base else "",
            "told": told, "rating": rating and self.words["stars"].format(stars=f"{rating[0]:.1f}", n=rating[1]),
            "cards": self._like(chosen.id), "og": _open_graph(chosen, pictures[chosen.id]),
        })  # fmt: skip

    def _product_fields(
        self, chosen: Product, page: ProductPage, steps: Sequence[tuple[str, str]], title: str
    ) -> dict[str, Any]:
        regular, sale = money(chosen)
        paid = sale or regular
        mine = f"{self._base}{product_path(chosen.id)}"
        shown = next(one for one in page.variants if one.id == chosen.id) if page.variants else None
        number = self._shop.settings.whatsapp
        greeting = f"{self.words['whatsapp_text'].format(title=title)} {mine if self._base else ''}".strip()
        elsewhere = chosen.url if chosen.url and is_web(chosen.url) and not self._is_own(chosen.url) else ""
        return {
            "heading": title,
            "chosen": chosen,
            "price": self._price(paid.minor, paid.currency) if paid else "",
            "former": self._price(regular.minor, regular.currency) if sale and regular else "",
            "availability": self.words[chosen.availability.value],
            "pictures": [picture_path(one) for one in chosen.images[:PICTURES_MAX]],
            "alt": self._alt(chosen) or title,
            "steps": steps,
            "variants": [
                (one.label, product_path(one.id), one.buyable, one.id == chosen.id)
                for one in page.variants
                if len(page.variants) > 1
            ],
            "attributes": shown.attributes if shown else {},
            "buy": elsewhere if chosen.recommendable else "",
            "whatsapp": f"https://wa.me/{number}?text={quote(greeting, safe='')}" if number else "",
        }

    def search(self, request: Request) -> PublicPage:
        """What a search finds, in the order of anybody."""
        from bottega.actions.search.words import search_text

        text = request.query_params.get("q", "").strip()[:TEXT_MAX]
        after = request.query_params.get("after", "0")
        if not (after.isascii() and after.isdigit() and len(after) <= 6):
            raise NoSuchPage
        fields: dict[str, Any] = {"q": text, "cards": [], "next": "", "said": [], "spelt": []}
        if text:
            found = search_text(self._shop, SearchRequest(text=text, n=PAGE, after=int(after), return_product=True))
            if found.url:
                raise PageMoved(found.url)
            hits = [hit.product for hit in found.items if hit.product is not None]
            fields["cards"] = self._cards([[one] for one in hits if one.availability is not Availability.DISCONTINUED])
            fields["total"] = found.total
            fields["next"] = search_path(text, found.next) if found.next is not None else ""
            if found.help is not None:
                fields["spelt"] = [(one.text, search_path(one.text)) for one in found.help.spelt]
        title = self.words["results"].format(q=text) if text else self.words["search"]
        return PublicPage("search.html", {**self._head(title, "", indexed=False), **fields, "heading": title})

    def _like(self, product_id: str) -> list[CardShown]:
        """Products like one; none where nobody can tell."""
        try:
            found = find_similar(self._shop, SimilarRequest(product_id=product_id, n=SIMILAR))
        except BottegaError:
            return []
        groups = self.front.groups(one.product_id for one in found.items)
        return self._cards([groups[one.product_id] for one in found.items if one.product_id in groups])

    def _cards(self, groups: Sequence[Sequence[Product]]) -> list[CardShown]:
        cards = [
            card([one for one in group if one.availability is not Availability.DISCONTINUED] or group, **self._shown_as)
            for group in groups
        ]
        first = [
            next((one for one in group if one.id == shown.id), group[0])
            for group, shown in zip(groups, cards, strict=True)
        ]
        return [
            CardShown(
                shown.id,
                shown.title,
                shown.brand,
                self._from(shown.price_minor, shown.currency, varies=shown.price_varies),
                picture_path(one.images[0]) if one.images else "",
                self._alt(one),
                "" if shown.buyable else self.words[one.availability.value],
            )
            for one, shown in zip(first, cards, strict=True)
        ]

    def _head(self, title: str, path: str, *, description: str = "", indexed: bool = True) -> dict[str, Any]:
        """What stands in the head: a page is to be found where the shop says at which address it is reached."""
        name, base = self.front.name, self._base
        text = " ".join(description.split())
        if len(text) > DESCRIPTION_MAX:
            text = text[:DESCRIPTION_MAX].rsplit(" ", 1)[0] + " …"
        return {
            "title": f"{title} – {name}" if title else name,
            "indexed": indexed and bool(base),
            "canonical": f"{base}{path}" if base and path else "",
            "summary": text,
            "og": {},
            "data": Markup(""),
        }

    @property
    def _base(self) -> str:
        return self._shop.settings.public_url

    @property
    def _shown_as(self) -> dict[str, str]:
        return {"currency": self.front.currency, "root": "", "language": self.language}

    def _whole(self, path: str) -> str:
        return path if is_web(path) else f"{self._base}{path}"

    def _is_own(self, address: str) -> bool:
        return bool(self._base) and address.startswith(f"{self._base}/product?")

    def _price(self, minor: int | None, currency: str | None) -> str:
        return price_written(minor, currency or self.front.currency, self.language)

    def _from(self, minor: int | None, currency: str, *, varies: bool) -> str:
        price = self._price(minor, currency)
        return self.words["from"].format(price=price) if price and varies else price

    def _alt(self, product: Product) -> str:
        for name in (f"image_alt_{self.language}", "image_alt"):
            if text := next(iter(product.attributes.get(name, ())), ""):
                return text
        return ""


def _open_graph(product: Product, pictures: Sequence[str]) -> dict[str, str]:
    """What networks show of a link to a product, beside its title and address."""
    from bottega.prices import plain_amount

    found = {"og:type": "product"}
    if pictures:
        found["og:image"] = pictures[0]
    regular, sale = money(product)
    if (paid := sale or regular) is not None:
        found["product:price:amount"], found["product:price:currency"] = plain_amount(paid), paid.currency
    found["product:availability"] = {
        Availability.IN_STOCK: "in stock",
        Availability.PREORDER: "preorder",
        Availability.BACKORDER: "available for order",
    }.get(product.availability, "out of stock")
    return found
