"""Tag the catalogue: suggest values for empty attributes, and list the labels that the eye doubts, worst first.

Nothing is written into a product: suggestions wait until somebody accepts them. Running it again adds nothing twice,
proposes nothing that was decided on, and withdraws what holds no longer.
"""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from bottega.actions.vision.belonging import belonging
from bottega.actions.vision.shapes import CatalogueTags, Doubt, TagCatalogueRequest
from bottega.actions.vision.suggestions import all_suggestions
from bottega.catalogue.attributes import CATEGORY, LEVELS, Spelling, attributes_of, value_of
from bottega.catalogue.product import Product
from bottega.datasets.item_photos import MAKER
from bottega.datasets.photos.shop_photos import lines_of, main_picture, shop_photos
from bottega.errors import CatalogueEmpty
from bottega.models.vision.doubts import features_of, find_doubts
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.eye.looks import Looks
from bottega.models.vision.tags import KIND, PhotoTags, read_tags
from bottega.parallel.crew import Crew, in_order
from bottega.progress import Progress, silent
from bottega.shop.files import REPORTS
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.store.suggestions import Suggestion, SuggestionKind, SuggestionState

__all__ = ["DOUBTS_FILE", "tag_catalogue"]

DOUBTS_FILE = f"{REPORTS}/label-doubts.csv"
"""Among the shop's files."""
FEWEST_LABELS = 40
"""Products with a value and a photo below which an attribute's values are not judged."""
_AT_A_TIME = 256


def tag_catalogue(shop: OpenShop, request: TagCatalogueRequest, *, progress: Progress = silent) -> CatalogueTags:
    """Look at every product's main picture. Raises `CatalogueEmpty`, and `InputError` when no list can be written."""
    started = time.monotonic()
    folder = shop.folder
    products = folder.store.products.all()
    if not products:
        raise CatalogueEmpty("The shop has no products.", next_step="Import some: `bottega import catalogue FILE`.")
    eye = shop.models.eye()
    report = CatalogueTags(version=eye.version, products=len(products))
    seen, looks = _look(folder, eye, products, report, progress)
    heads = attributes_of(head for head in eye.heads if head != KIND)
    fills = _fills(
        read_tags(eye, _heeding(looks, products, seen, heads)), seen, heads, Spelling(products, heads), report
    )
    doubts = _doubts(folder, looks, seen, dict.fromkeys([CATEGORY, *heads]), report, progress)
    _propose(folder, [*fills, *doubts], report)
    report.doubts_file = _write(folder, report.doubts)
    report.seconds = round(time.monotonic() - started, 2)
    return report


def _look(
    shop: ShopFolder, eye: Eye, products: Sequence[Product], report: CatalogueTags, progress: Progress
) -> tuple[list[Product], Looks]:
    """The products with a readable picture, and what the eye sees there; a picture that several share is read once."""
    picture = {product.id: name for product in products if (name := main_picture(product)) is not None}
    shown = [product for product in products if product.id in picture]
    report.without_photo = len(products) - len(shown)
    first = list({picture[product.id]: product for product in shown}.values())
    parts = [eye.look([])]
    row: dict[str, int] = {}
    broken: dict[str, str] = {}
    portions = [first[start : start + _AT_A_TIME] for start in range(0, len(first), _AT_A_TIME)]
    done = 0
    progress("looking at photos", done, len(first))
    crew, shared = Crew.of(shop.server), (eye, shop.images)
    for portion, (found, ids, unreadable) in zip(
        portions, in_order(_looked, portions, shared, crew, task="portions of photos"), strict=True
    ):
        parts.append(found)
        row |= {picture[name]: len(row) + place for place, name in enumerate(ids)}
        broken |= {picture[name]: why for name, why in unreadable.items()}
        done += len(portion)
        progress("looking at photos", done, len(first))
    report.unreadable = {one.id: broken[picture[one.id]] for one in shown if picture[one.id] in broken}
    seen = [product for product in shown if picture[product.id] in row]
    report.looked = len(seen)
    rows = np.array([row[picture[product.id]] for product in seen], dtype=np.int64)
    return seen, Looks.joined(parts).take(rows)


def _looked(
    products: Sequence[Product], shared: tuple[Eye, Path], progress: Progress
) -> tuple[Looks, list[str], dict[str, str]]:
    """What the eye sees on some products' pictures, whose pictures these are, and which cannot be read, and why."""
    eye, images = shared
    found = shop_photos(products, images, eye.config.image_px)
    return eye.look(list(found.photos)), list(found.ids), dict(found.unreadable)


def _heeding(looks: Looks, products: Sequence[Product], seen: Sequence[Product], heads: Mapping[str, str]) -> Looks:
    """The looks, each head taught what this shop's own labels say of where its attribute belongs."""
    row = {product.id: number for number, product in enumerate(products)}
    rows = [row[product.id] for product in seen]
    own = {head: belonging(products, rows, attribute, looks.taught.get(head)) for attribute, head in heads.items()}
    return replace(looks, taught={**looks.taught, **own})


def _fills(
    photos: Sequence[PhotoTags],
    products: Sequence[Product],
    heads: Mapping[str, str],
    spelling: Spelling,
    report: CatalogueTags,
) -> Iterator[Suggestion]:
    """A suggestion for every empty attribute whose head is sure enough. A category is a whole path, from its type."""
    for product, photo in zip(products, photos, strict=True):
        report.no_product += not photo.shows_product
        said = {tag.head: tag for tag in photo.tags}
        path = " > ".join(said[level].value for level in LEVELS if level in said)
        for attribute, head in heads.items():
            if value_of(product, attribute):
                continue
            report.empty[attribute] = report.empty.get(attribute, 0) + 1
            if head in said:
                value = spelling.of(attribute, path if attribute == CATEGORY else said[head].value)
                report.filled[attribute] = report.filled.get(attribute, 0) + 1
                yield _suggestion(SuggestionKind.FILL, product, attribute, value, said[head].confidence, report)


def _doubts(
    shop: ShopFolder,
    looks: Looks,
    products: Sequence[Product],
    attributes: Iterable[str],
    report: CatalogueTags,
    progress: Progress,
) -> Iterator[Suggestion]:
    """The other value for every label that is doubted, unless it was rejected before."""
    features, lines = features_of(looks.vectors, looks.probabilities), lines_of(products)
    rejected = {
        (one.product_id, one.attribute, one.value)
        for one in all_suggestions(shop.store, SuggestionState.REJECTED, SuggestionKind.DOUBT)
    }
    for attribute in attributes:
        values = [value_of(product, attribute) for product in products]
        rows = np.flatnonzero([bool(value) for value in values])
        names, labels = np.unique([values[row] for row in rows], return_inverse=True)
        if len(rows) < FEWEST_LABELS or len(names) < 2:
            continue

        def named(task: str, done: int, total: int | None = None, note: str = "", attribute: str = attribute) -> None:
            progress(f"{task}: {attribute}", done, total, note)

        rng = np.random.default_rng(shop.settings.seed)
        found = find_doubts(features[rows], labels.astype(np.int32), lines[rows], rng=rng, progress=named)
        for place in found.order[found.doubted[found.order]].tolist():
            product, value = products[rows[place]], str(names[found.proposed[place]])
            if (product.id, attribute, value) in rejected:
                continue
            confidence = float(found.confidence[place])
            present = value_of(product, attribute)
            log_odds = round(float(found.log_odds[place]), 3)
            report.doubts.append(
                Doubt(
                    product_id=product.id,
                    title=product.title,
                    attribute=attribute,
                    present=present,
                    proposed=value,
                    confidence=round(confidence, 4),
                    log_odds=log_odds,
                )
            )
            yield _suggestion(SuggestionKind.DOUBT, product, attribute, value, confidence, report)
    report.doubts.sort(key=lambda doubt: doubt.log_odds)


def _suggestion(
    kind: SuggestionKind, product: Product, attribute: str, value: str, confidence: float, report: CatalogueTags
) -> Suggestion:
    return Suggestion(
        kind=kind,
        product_id=product.id,
        attribute=attribute,
        value=value,
        confidence=round(confidence, 4),
        maker=MAKER,
        version=report.version,
        time_ms=time.time_ns() // 1_000_000,
        present=value_of(product, attribute) or None,
    )


def _propose(shop: ShopFolder, wanted: Sequence[Suggestion], report: CatalogueTags) -> None:
    """Bring the open suggestions in line with those wanted; what stays the same keeps its number."""
    store = shop.store.suggestions
    waiting = {_what(one): one.number for one in all_suggestions(shop.store) if one.maker == MAKER}
    keys = {_what(one) for one in wanted}
    stale = [number for key, number in waiting.items() if key not in keys]
    store.withdraw(stale)
    report.added = store.put([one for one in wanted if _what(one) not in waiting])
    report.withdrawn = len(stale)
    report.open = len(waiting) - len(stale) + report.added


def _what(one: Suggestion) -> tuple[object, ...]:
    return one.kind, one.product_id, one.attribute, one.value, one.present, one.confidence, one.version


def _write(shop: ShopFolder, doubts: Sequence[Doubt]) -> Path:
    out = io.StringIO(newline="")
    rows, names = csv.writer(out), list(Doubt.model_fields)
    rows.writerow(names)
    rows.writerows([getattr(doubt, name) for name in names] for doubt in doubts)
    shop.files.write(DOUBTS_FILE, out.getvalue().encode(errors="backslashreplace"))
    return shop.told(DOUBTS_FILE)
