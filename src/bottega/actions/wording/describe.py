"""Describe: title, bullets, description and alternative text of products, from facts and nothing else.

Nothing is written into a product: `write_texts` makes suggestions of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bottega.actions.wording.personal import Whose
from bottega.actions.wording.proving import proved
from bottega.actions.wording.rephrase import Rephraser, language_model_of, rephrase
from bottega.actions.wording.shapes import (
    ClaimInfo,
    DescribeAnswer,
    DescribedListing,
    DescribeRequest,
    FactInfo,
    FactQuote,
    KeywordInfo,
    SentenceInfo,
    ToldReviews,
)
from bottega.catalogue.product import Product
from bottega.errors import CatalogueEmpty, RequestInvalid
from bottega.languages.writing import writing_languages
from bottega.models.wording.facts import Fact, FactSheet
from bottega.models.wording.keywords import Keyword, keywords_of
from bottega.models.wording.limits import limit_of
from bottega.models.wording.review_facts import with_counts, worth_saying
from bottega.models.wording.text import Text, TextKind, Tone
from bottega.models.wording.writer import ListingWriter, WrittenListing
from bottega.progress import Progress, silent
from bottega.shop.listings.listing_facts import facts_of, title_words
from bottega.shop.open_shop import OpenShop
from bottega.shop.trained.wording_learnt import writer_of

__all__ = ["all_listings", "chunks_of", "describe", "described", "fact_info", "sentences_of", "spoken", "with_reviews"]

_AT_A_TIME = 500


def describe(shop: OpenShop, request: DescribeRequest, *, progress: Progress = silent) -> DescribeAnswer:
    """Texts of the products asked for; ids that nobody has are named. Raises what `all_listings` raises."""
    listings = list(all_listings(shop, request, progress=progress))
    there = {one.product_id for one in listings}
    return DescribeAnswer(listings=listings, unknown=[one for one in request.product_ids if one not in there])


def all_listings(
    shop: OpenShop, request: DescribeRequest, *, progress: Progress = silent
) -> Iterator[DescribedListing]:
    """One after the other, so that memory is a few hundred products. Raises `RequestInvalid` for neither or both of
    `product_ids` and `all` and for a language without a file, `CatalogueEmpty` where there are no products."""
    language = spoken(shop, request.language)
    words = title_words(shop.folder)
    writer = writer_of(shop.folder, language)
    model = _own_model(shop, request)
    whose = Whose(shop, request.shopper, words.language) if "shopper" in request.model_fields_set else None
    done = 0
    for products, total in chunks_of(shop, request.product_ids, everything=request.all):
        shown = [product for product in products if not (request.public and product.hidden)]
        sheets = facts_of(shop.store, shown, words)
        for product in shown:
            sheet = with_reviews(shop, sheets[product.id], request.reviews)
            yield described(writer, sheet, request, model, whose)
        done += len(products)
        progress("writing", done, total)


def spoken(shop: OpenShop, language: str | None) -> str:
    """The language to write in. Raises `RequestInvalid` for one that has no file."""
    chosen = language or title_words(shop.folder).language
    if chosen not in writing_languages():
        raise RequestInvalid(
            f"Nobody writes {chosen!r} here.",
            allowed=f"Languages with a file: {', '.join(writing_languages())}.",
            next_step="Choose one of them, or add a file to `languages/writing/` (docs/words.md).",
        )
    return chosen


def chunks_of(
    shop: OpenShop, product_ids: Sequence[str], *, everything: bool
) -> Iterator[tuple[Sequence[Product], int]]:
    """The products asked for, a few hundred at a time, with how many there are in all. Raises as `all_listings`."""
    if bool(product_ids) == everything:
        raise RequestInvalid(
            "Products were named beside `all`." if everything else "No product was named.",
            allowed="It takes ids of products, or `all`.",
            next_step="Give one of them.",
        )
    if everything:
        total = shop.store.products.count()
        if not total:
            raise CatalogueEmpty("The shop has no products.", next_step="Import some: `bottega import catalogue FILE`.")
        for products in shop.store.products.iterate(_AT_A_TIME):
            yield products, total
        return
    for start in range(0, len(product_ids), _AT_A_TIME):
        some = product_ids[start : start + _AT_A_TIME]
        found = shop.store.products.get(some)
        yield [found[one] for one in dict.fromkeys(some) if one in found], len(product_ids)


def _own_model(shop: OpenShop, request: DescribeRequest) -> Rephraser | None:
    """Who rephrases, if that is asked for. Raises `RequestInvalid` where the shop has no language model."""
    if not request.rephrase:
        return None
    if (model := language_model_of(shop)) is None:
        raise RequestInvalid(
            "The shop has no language model that could rephrase.",
            allowed="The setting language_model_url or language_model_file names one (docs/proof.md).",
            next_step="Set it in bottega.toml, or leave `rephrase` out.",
        )
    return model


def with_reviews(shop: OpenShop, sheet: FactSheet, told: ToldReviews) -> FactSheet:
    """The facts of a product and, where they are asked for, what its reviews say. Raises `EncoderUnavailable`."""
    if told == "none":
        return sheet
    return with_counts(sheet, worth_saying(shop.review_reader().counts(sheet.subject), sheet, blame=told == "all"))


def described(
    writer: ListingWriter,
    sheet: FactSheet,
    request: DescribeRequest,
    model: Rephraser | None = None,
    whose: Whose | None = None,
) -> DescribedListing:
    """The texts of one product, as the API says them. `model` words the description anew; `whose`: for one shopper."""
    keywords = keywords_of(sheet, request.keywords, writer.language)
    leanings = whose.leans_to(sheet) if whose is not None else []
    written = writer.listing(
        sheet,
        seed=request.seed,
        channel=request.channel,
        asked=request.facts,
        keywords=keywords,
        first=[one.fact.name for one in leanings],
        tone=Tone(request.tone),
    )
    written, refused = proved(written, sheet)
    if model is not None:
        longest = limit_of(TextKind.DESCRIPTION, request.channel)
        told = rephrase(model, written.description, sheet.language, longest=longest)
        refused += tuple(f"language model: {reason}" for reason in told.reasons)
        written = replace(written, description=told.text)
    return DescribedListing(
        product_id=sheet.subject,
        language=writer.language,
        title=written.title.text,
        bullets=[bullet.text for bullet in written.bullets],
        short=written.short.text,
        description=written.description.text,
        alt=written.alt.text,
        advert=written.advert.text,
        email=written.email.text,
        facts=[fact_info(fact) for fact in written.facts],
        offered=[] if request.public else [fact_info(fact) for fact in sheet.offered],
        contradictions=[] if request.public else [one.says for one in sheet.contradictions],
        keywords=[_keyword(one, written) for one in keywords],
        refused=[] if request.public else list(refused),
        sentences=_explained(written) if request.explain else None,
        personal=whose.why(leanings, written.description, sheet) if whose is not None else None,
    )


def fact_info(fact: Fact) -> FactInfo:
    """A fact as the API says it."""
    return FactInfo(
        name=fact.name,
        key=fact.key,
        value=fact.value,
        unit=fact.unit,
        source=fact.source.value,
        place=fact.place,
        concept=fact.concept,
        quotes=[FactQuote(review_id=one.review_id, text=one.text) for one in fact.quotes],
    )


def _keyword(one: Keyword, written: WrittenListing) -> KeywordInfo:
    texts = (written.title, *written.bullets, written.description)
    if one.facts and any(one.stands_in(text.text) for text in texts):
        return KeywordInfo(keyword=one.text, placed=True, why=", ".join(fact.name for fact in one.facts))
    why = one.why or f"no sentence that holds it could be proved; it is {', '.join(fact.name for fact in one.facts)}"
    return KeywordInfo(keyword=one.text, placed=False, why=why)


def _explained(written: WrittenListing) -> dict[str, list[SentenceInfo]]:
    texts = {"title": written.title, "short": written.short, "description": written.description, "alt": written.alt}
    texts |= {"advert": written.advert, "email": written.email}
    texts |= {f"bullets.{place}": bullet for place, bullet in enumerate(written.bullets)}
    return {name: sentences_of(text) for name, text in texts.items()}


def sentences_of(text: Text) -> list[SentenceInfo]:
    """The derivation of a text; offsets of claims count from the beginning of their sentence."""
    return [
        SentenceInfo(
            text=text.text[sentence.start : sentence.end],
            frame=sentence.frame,
            claims=[
                ClaimInfo(
                    start=slot.start - sentence.start,
                    end=slot.end - sentence.start,
                    key=slot.key,
                    facts=list(slot.facts),
                )
                for slot in sentence.slots
                if slot.facts
            ],
        )
        for sentence in text.sentences
    ]
