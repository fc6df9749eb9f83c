"""Every event format, and which one a file is."""

from __future__ import annotations

from bottega.errors import FormatUnknown
from bottega.events.readers.base import Reader
from bottega.events.readers.bigcommerce_orders import BigCommerceOrders
from bottega.events.readers.ga4 import Ga4
from bottega.events.readers.google_retail import GoogleRetail
from bottega.events.readers.gorse import Gorse
from bottega.events.readers.native_csv import NativeCsv
from bottega.events.readers.native_jsonl import NativeJsonl
from bottega.events.readers.native_parquet import NativeParquet
from bottega.events.readers.order_table import OrderTable
from bottega.events.readers.personalize import Personalize
from bottega.events.readers.segment import Segment
from bottega.events.readers.shopify_orders import ShopifyOrders
from bottega.events.readers.shopify_pixel import ShopifyPixel
from bottega.events.readers.snowplow import Snowplow
from bottega.events.readers.woocommerce_orders import WooCommerceOrders
from bottega.sources.registry import formats, reader_called, surest
from bottega.sources.source import Source

__all__ = ["READERS", "choose_reader", "reader_named"]

READERS: tuple[Reader, ...] = (
    NativeCsv(),
    NativeJsonl(),
    NativeParquet(),
    OrderTable(),
    ShopifyOrders(),
    WooCommerceOrders(),
    BigCommerceOrders(),
    Ga4(),
    Segment(),
    GoogleRetail(),
    Personalize(),
    Gorse(),
    ShopifyPixel(),
    Snowplow(),
)
"""In the order the manual lists them."""

_SURE_ENOUGH = 0.25


def choose_reader(source: Source, name: str | None = None) -> Reader:
    """The reader called `name`, or without a name the one that is surest of the file.

    Raises `FormatUnknown` when there is none.
    """
    if name is not None:
        return reader_named(name)
    best, sure = surest(READERS, source)
    if sure < _SURE_ENOUGH:
        first = source.head.strip().split("\n", 1)[0][:80]
        raise FormatUnknown(
            f"{source.name} is of no event format we know; it begins with {first!r}.",
            allowed=f"Formats are: {formats(READERS)}.",
            next_step="If it is one of these all the same, say so with --as.",
        )
    return best


def reader_named(name: str) -> Reader:
    """The reader of this name. Raises `FormatUnknown`."""
    return reader_called(READERS, name, what="event format")
