"""The readers there are, and which of them reads a file: the surest one, or the one named by `--as`."""

from __future__ import annotations

from bottega.catalogue.readers.base import Reader
from bottega.catalogue.readers.generic.any_json import GenericJsonl
from bottega.catalogue.readers.generic.any_table import GenericCsv
from bottega.catalogue.readers.generic.parquet import GenericParquet
from bottega.catalogue.readers.merchant.merchant_tsv import MerchantTsv
from bottega.catalogue.readers.merchant.merchant_xml import MerchantXml
from bottega.catalogue.readers.platforms.bigcommerce_csv import BigCommerceCsv
from bottega.catalogue.readers.platforms.bigcommerce_json import BigCommerceJson
from bottega.catalogue.readers.platforms.cafe24_json import Cafe24Json
from bottega.catalogue.readers.platforms.etsy_csv import EtsyCsv
from bottega.catalogue.readers.platforms.heureka_xml import HeurekaXml
from bottega.catalogue.readers.platforms.json_ld import JsonLd
from bottega.catalogue.readers.platforms.magento_csv import MagentoCsv
from bottega.catalogue.readers.platforms.prestashop_csv import PrestaShopCsv
from bottega.catalogue.readers.platforms.shopify_csv import ShopifyCsv
from bottega.catalogue.readers.platforms.shopify_json import ShopifyJson
from bottega.catalogue.readers.platforms.squarespace_csv import SquarespaceCsv
from bottega.catalogue.readers.platforms.tiendanube_json import TiendanubeJson
from bottega.catalogue.readers.platforms.wix_csv import WixCsv
from bottega.catalogue.readers.platforms.woocommerce_csv import WooCommerceCsv
from bottega.catalogue.readers.platforms.woocommerce_json import WooCommerceJson
from bottega.catalogue.readers.platforms.yandex_yml import Yml
from bottega.errors import FormatUnknown
from bottega.sources.registry import formats, reader_called, surest
from bottega.sources.source import Source

__all__ = ["READERS", "find_reader"]

READERS: tuple[Reader, ...] = (
    ShopifyCsv(),
    ShopifyJson(),
    WooCommerceCsv(),
    WooCommerceJson(),
    MagentoCsv(),
    BigCommerceCsv(),
    BigCommerceJson(),
    PrestaShopCsv(),
    WixCsv(),
    SquarespaceCsv(),
    EtsyCsv(),
    TiendanubeJson(),
    Cafe24Json(),
    Yml(),
    HeurekaXml(),
    JsonLd(),
    MerchantXml(),
    MerchantTsv(),
    GenericParquet(),
    GenericJsonl(),
    GenericCsv(),
)


def find_reader(source: Source, name: str | None) -> Reader:
    """The reader called `name`, or the one that recognises the source best. Raises `FormatUnknown`."""
    if name is not None:
        return reader_called(READERS, name)
    best, sure = surest(READERS, source)
    if not sure:
        raise FormatUnknown(
            f"No reader recognises {source.name}; it begins with {source.head.strip()[:60]!r}.",
            allowed=f"Formats are: {formats(READERS)}.",
            next_step="Name the format with --as, or export the products as CSV.",
        )
    return best
