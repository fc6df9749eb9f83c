"""The writers there are."""

from __future__ import annotations

from bottega.catalogue.writers.base import Writer
from bottega.catalogue.writers.bigcommerce import BigCommerceWriter
from bottega.catalogue.writers.merchant import GoogleWriter, MetaWriter
from bottega.catalogue.writers.shopify import ShopifyWriter
from bottega.catalogue.writers.woocommerce import WooCommerceWriter
from bottega.errors import FormatUnknown

__all__ = ["WRITERS", "writer_called"]

WRITERS: tuple[Writer, ...] = (
    GoogleWriter(),
    MetaWriter(),
    ShopifyWriter(),
    WooCommerceWriter(),
    BigCommerceWriter(),
)


def writer_called(name: str) -> Writer:
    """The writer of this name. Raises `FormatUnknown`."""
    for writer in WRITERS:
        if writer.name == name.strip().lower():
            return writer
    raise FormatUnknown(
        f"There is no format {name!r} to write.",
        allowed=f"Formats are: {'; '.join(f'{writer.name} ({writer.describe})' for writer in WRITERS)}.",
        next_step="Name one of them with --as.",
    )
