"""Export the catalogue: a file that Google, Meta or a shop platform takes, and the readers read back.

The file is written family by family beside its place and put there when it is whole, so that who fetches it meanwhile
gets the one before. Hidden and sold-out products are in it as the format can say so.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, urlencode

from pydantic import Field

from bottega.catalogue.addresses import is_web
from bottega.catalogue.product import Product
from bottega.catalogue.writers.base import HeaderNeeds, Losses, write
from bottega.catalogue.writers.registry import writer_called
from bottega.errors import SourceUnreadable, disk_full
from bottega.progress import Progress, silent
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Request, Shape

__all__ = ["ExportCatalogueAnswer", "ExportCatalogueRequest", "as_shown", "export_catalogue"]


class ExportCatalogueRequest(Request):
    """The catalogue as a file for another system."""

    format: str = Field(description="google, meta, shopify, woocommerce or bigcommerce.")
    out: Path | None = Field(default=None, description="Where to write it; else catalogue-FORMAT in this folder.")


class ExportCatalogueAnswer(Shape):
    """What was written, and what could not be."""

    path: Path
    format: str
    suffix: str = Field(description="Ending of such a file's name.")
    products: int = Field(description="Products of the catalogue that are in the file.")
    left_out: dict[str, int] = Field(description="Why products are not in it, with their number.")
    lost: dict[str, int] = Field(description="Field to the number of products that lost something of it.")
    limits: list[str] = Field(description="What the format has no place for.")


def as_shown(product: Product, shop: OpenShop) -> Product:
    """A product with addresses that others can fetch, where a public storefront shows it: its page, if it has none
    elsewhere, and pictures of the shop's own folder."""
    base = shop.settings.public_url
    if shop.settings.storefront != "public" or not base:
        return product
    own = [
        image if is_web(image) else f"{base}/images/{quote(image.lstrip('/'), safe='/')}" for image in product.images
    ]
    url = product.url or f"{base}/product?{urlencode({'id': product.id})}"
    return product.model_copy(update={"url": url, "images": tuple(own)})


def export_catalogue(
    shop: OpenShop,
    request: ExportCatalogueRequest,
    *,
    progress: Progress = silent,
    fit: Callable[[Product, str], Product] | None = None,
) -> ExportCatalogueAnswer:
    """Write the whole catalogue; `fit` makes of each product what the format's channel takes.

    Raises `FormatUnknown`, `SourceUnreadable` for a place that cannot be written to."""
    writer = writer_called(request.format)
    path = request.out or Path(f"catalogue-{writer.name}{writer.suffix}")
    products = shop.store.products
    needs = HeaderNeeds()
    for chunk in products.iterate():
        for product in chunk:
            needs.look(product)
    total = products.count()
    losses = Losses()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SourceUnreadable(
            f"{path} cannot be written: {error.strerror}.", next_step="Name another place with --out."
        ) from error
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    task = f"writing {path.name}"
    done = 0
    try:
        with part.open("w", encoding="utf-8", newline="", errors="replace") as out:
            families = products.families()
            currency = shop.settings.currency
            made = (tuple(as_shown(one, shop) for one in family) for family in families)
            shown = made if fit is None else (tuple(fit(one, writer.name) for one in family) for family in made)
            for done in write(writer, shown, out, needs=needs, currency=currency, losses=losses):
                if done % 1000 == 0:
                    progress(task, done, total)
        part.replace(path)
    except OSError as error:
        if full := disk_full(error):
            raise full from error
        raise SourceUnreadable(
            f"{path} cannot be written: {error.strerror}.", next_step="Name another place with --out."
        ) from error
    finally:
        part.unlink(missing_ok=True)
    progress(task, done, total)
    return ExportCatalogueAnswer(
        path=path,
        format=writer.name,
        suffix=writer.suffix,
        products=done - losses.left_out.total(),
        left_out=dict(losses.left_out),
        lost={field: count for field, count in losses.fields.items() if count},
        limits=list(writer.limits),
    )
