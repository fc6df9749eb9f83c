"""One letter, from its cause: greeting, products with their reasons, and the way out, in the shopper's language.

What it says of a product is its title as the merchant wrote it, its price, and a line that its facts bear out and the
proof takes (models/wording/verify.py); each reason is an event of the shopper or says that it is none. The line says
first what this shopper leans to, as `describe` does for one shopper, where they agreed to personal answers.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence

from bottega.actions.messages.causes import Cause, CauseProduct
from bottega.actions.messages.known import Recipient
from bottega.actions.messages.render import as_html, as_text
from bottega.actions.messages.shapes import Letter, LetterProduct, LetterReason
from bottega.actions.recommend.recommend import recommend
from bottega.actions.recommend.shapes import ReasonInfo, RecommendationRequest
from bottega.actions.wording.personal import Whose, choices_of
from bottega.catalogue.product import Product
from bottega.errors import CatalogueEmpty
from bottega.languages.writing import writing_languages
from bottega.models.wording.letter_words import LetterWords, greeting, proved_line
from bottega.names import DAY_MS, EventKind, KindCode
from bottega.prices import Price, plain_amount
from bottega.shop.listings.listing_facts import facts_of, title_words
from bottega.shop.open_shop import OpenShop
from bottega.shop.shop_name import shop_name
from bottega.shop.shoppers.letter_links import letter_id_of, token_of, with_letter
from bottega.shop.shoppers.letter_rules import local_time
from bottega.shop.trained.wording_learnt import writer_of

__all__ = ["compose", "language_of", "unsubscribe_url"]

_ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
TITLE_MOST = 70
"""Letters of a title in the subject."""
_SAID_AS = {
    KindCode.VIEW: "view",
    KindCode.CLICK: "view",
    KindCode.TRY_ON: "view",
    KindCode.WISHLIST: "wishlist",
    KindCode.RATE: "wishlist",
    KindCode.ADD_TO_CART: "cart",
    KindCode.PURCHASE: "purchase",
}
"""Kinds of event -> the sentence that says so."""


def compose(shop: OpenShop, to: Recipient, cause: Cause, now_ms: int) -> Letter | None:
    """The letter; None where there is no product left to put into it."""
    language = language_of(shop, to.language)
    words = LetterWords(language)
    letter_id = letter_id_of(shop.secrets, to.state.shopper, cause.keys[0])
    most = shop.settings.letters_products
    if cause.products:
        chosen = cause.products[:most]
        reasons = {one.product_id: _own_reason(words, to, cause.kind, one) for one in chosen}
        found: Mapping[str, Product] = to.state.products
    else:
        reasons = _proposed(shop, to, words, most, now_ms)
        found = shop.store.products.get(reasons)
    products = [found[one] for one in reasons if one in found and found[one].recommendable]
    if not products:
        return None
    writer = writer_of(shop.folder, language)
    titles = title_words(shop.folder)
    sheets = facts_of(shop.store, products, titles)
    seed = zlib.crc32(letter_id.encode())
    whose = Whose(shop, to.state.shopper, titles.language)
    shown = []
    for one in products:
        leanings = whose.leans_to(sheets[one.id])
        about = proved_line(writer, sheets[one.id], seed=seed, first=[each.fact.name for each in leanings])
        shown.append(
            LetterProduct(
                product_id=one.id,
                title=_plain(one.title),
                about="" if about is None else about.text,
                choices=[] if about is None else choices_of(leanings, about, sheets[one.id]),
                price=_price(words, one.price_minor, one.currency),
                url=with_letter(one.url, letter_id) if one.url and _ADDRESS.fullmatch(one.url) else None,
                image=next((image for image in one.images if _ADDRESS.fullmatch(image)), None),
                reasons=reasons[one.id],
            )
        )
    name = shop_name(shop.folder)
    title = shown[0].title
    short = title if len(title) <= TITLE_MOST else f"{title[:TITLE_MOST].rsplit(' ', 1)[0]} …"
    letter = Letter(
        letter_id=letter_id,
        kind=cause.kind,  # type: ignore[arg-type]  # one of KINDS
        shopper=to.state.shopper,
        to=to.email,
        language=language,
        subject=words.say(f"subject.{cause.kind}", title=short, shop=name),
        greeting=greeting(writer, sheets[products[0].id], _plain(to.name), seed=seed),
        lead=words.say(f"lead.{cause.kind}"),
        products=shown,
        unsubscribe_url=unsubscribe_url(shop, to.state.shopper),
        text="",
        html="",
    )
    return letter.model_copy(update={"text": as_text(letter, words, name), "html": as_html(letter, words, name)})


def language_of(shop: OpenShop, asked: str) -> str:
    """The shopper's language where it can be written; else the shop's own."""
    return asked if asked in writing_languages() else title_words(shop.folder).language


def unsubscribe_url(shop: OpenShop, shopper: str) -> str:
    """The link out of all letters of this shop, for this shopper."""
    return f"{shop.folder.address}/letters/unsubscribe?token={token_of(shop.secrets, shopper)}"


def _own_reason(words: LetterWords, to: Recipient, kind: str, one: CauseProduct) -> list[LetterReason]:
    """What they did with it, and what has become of it since."""
    zone = to.state.zones[0]
    did = words.say(f"did.{_SAID_AS[one.kind]}", date=words.day(local_time(one.time_ms, zone)))
    now = ""
    if kind == "back":
        now = words.say("now.back")
    elif kind == "price":
        product = to.state.products[one.product_id]
        price = _price(words, product.price_minor, product.currency)
        now = words.say("now.price", price=price, before=_price(words, one.before_minor, product.currency))
    elif one.expected_ms is not None:
        until = local_time(one.expected_ms, zone)
        days = max(1, round((one.expected_ms - one.time_ms) / DAY_MS))
        now = words.say("now.again", days=str(days), weekday=words.weekday(until), date=words.day(until))
    return [
        LetterReason(
            text=f"{did} {now}".rstrip(), product_id=one.product_id, event=one.kind.kind.value, time_ms=one.time_ms
        )
    ]


def _proposed(
    shop: OpenShop, to: Recipient, words: LetterWords, most: int, now_ms: int
) -> dict[str, list[LetterReason]]:
    """Products that the recommender proposes, each with its reason."""
    bought = [one.product_id for one in to.state.events if one.kind is KindCode.PURCHASE and one.product_id]
    request = RecommendationRequest(shopper=to.state.shopper, n=most, exclude_ids=bought[-_EXCLUDED_MOST:])
    try:
        answer = recommend(shop, request, now_ms=now_ms)
    except CatalogueEmpty:
        return {}
    stranger = answer.fallback is not None and answer.fallback.split(":")[0] in ("popular", "untrained", "no_consent")
    return {item.product_id: _proposed_reason(words, item.reasons, stranger) for item in answer.items}


_EXCLUDED_MOST = 200


def _proposed_reason(words: LetterWords, given: Sequence[ReasonInfo], stranger: bool) -> list[LetterReason]:
    for reason in given:
        for seen in reason.evidence:
            kind = EventKind(seen["kind"]).code if seen.get("kind") in list(EventKind) else None
            if kind in _SAID_AS and seen.get("title") and seen.get("time_ms"):
                text = words.say(f"because.{_SAID_AS[kind]}", title=_plain(str(seen["title"])))
                return [
                    LetterReason(
                        text=text, product_id=seen.get("product_id"), event=kind.kind.value, time_ms=seen["time_ms"]
                    )
                ]
        if reason.code in ("popular", "new"):
            return [LetterReason(text=words.say(f"because.{reason.code}"))]
    return [LetterReason(text=words.say("because.ours" if stranger else "because.chosen"))]


def _price(words: LetterWords, minor: int | None, currency: str | None) -> str:
    if minor is None or currency is None:
        return ""
    return words.money(plain_amount(Price(minor, currency)), currency)


def _plain(text: str) -> str:
    """One line, nothing in it that does not show: it stands in headers, too."""
    return " ".join("".join(mark if mark.isprintable() else " " for mark in text).split())
