"""Magento 2: variants that stand before their product, store views, American dates, what has run out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bottega.names import Availability

HEADER = (
    "sku,store_view_code,attribute_set_code,product_type,categories,product_websites,name,description,short_description,"
    "product_online,visibility,price,special_price,special_price_from_date,special_price_to_date,url_key,base_image,"
    "additional_images,updated_at,additional_attributes,qty,is_in_stock,allow_backorders,manage_stock,"
    "use_config_manage_stock,configurable_variations\n"
)
FEED = (
    HEADER
    + """\
S-BLUE,,Top,simple,"Default Category/Men,Default Category/Men/Jackets",base,Jacket S,Against the rain,,1,\
"Not Visible Individually",79.0000,59.0000,"1/1/30, 12:00 AM","2/1/30, 12:00 AM",s,/j/a/s.jpg,\
"/j/a/s2.jpg,/j/a/s3.jpg","1/2/26, 9:05 AM",\
"color=Blue,size=S,manufacturer=Nord,note=light, and warm,care=30|hand",5,1,0,,,
S-RED,,Top,simple,,base,Jacket red,,,2,"Not Visible Individually",81.125,70,1/1/26,,t,,,,color=Red,5,1,0,,,
JACKET,,Top,configurable,Default Category/Men/Jackets,base,Jacket,For all weathers,,1,"Catalog, Search",79.0000,,,,j,\
/j/a/j.jpg,,,,0,1,0,,,"sku=S-BLUE,color=Blue,size=S|sku=S-RED,color=Red,size=M"
JACKET,de,Top,configurable,,base,Jacke,,,,,,,,,,,,,,,,,,,
PART,,Top,simple,Default Category/Parts,base,Zip,,A zip,1,"Not Visible Individually",2,,,,z,no_selection,,,,5,1,0,,,
OLD,,Top,simple,Default Category/A\\/B,base,Old,,,2,"Catalog, Search",20,,,,o,,,,,5,1,0,,,
GONE,,Top,simple,,base,Gone,,,1,"Catalog, Search",20,,,,g,,,,,0,1,0,,,
LATER,,Top,simple,,base,Later,,,1,"Catalog, Search",20,,,,l,,,,,0,1,1,,,
EBOOK,,Top,virtual,,base,E-book,,,1,Catalog,20,,,,e,,,,,0,1,0,0,0,
SET,,Top,grouped,,base,Set,,,1,Search,,,,,u,,,,,0,1,0,,,
ONLY-DE,de,Top,simple,,base,Nur hier,,,1,Catalog,1,,,,n,,,,,1,1,0,,,
"""
)


def test_an_export(read_feed: Callable[..., Any]) -> None:
    feed = read_feed("catalog_product.csv", FEED)
    assert feed.format == "magento-csv"
    found = {product.id: product for product in feed.products}
    assert list(found) == ["S-BLUE", "S-RED", "PART", "OLD", "GONE", "LATER", "EBOOK", "SET", "ONLY-DE"]
    assert feed.reading.joined == 2  # the jacket, and what it is in German
    assert feed.reading.read == 9 and feed.reading.rejected == 0
    blue, red = found["S-BLUE"], found["S-RED"]
    assert (blue.group_id, red.group_id, found["PART"].group_id) == ("JACKET", "JACKET", None)
    assert not blue.hidden  # a variant of what is seen, though not seen alone
    assert red.hidden  # switched off
    assert [found[sku].hidden for sku in ("PART", "OLD", "GONE")] == [True, True, False]
    assert (blue.price_minor, red.price_minor, red.attributes["list_price"]) == (7900, 7000, ("81.1250",))
    assert (blue.title, blue.brand, blue.category) == ("Jacket S", "Nord", ("Men", "Jackets"))
    assert blue.attributes == {
        "color": ("Blue",), "size": ("S",), "note": ("light, and warm",), "care": ("30", "hand"),
    }  # fmt: skip
    assert red.attributes["size"] == ("M",) and red.description == "For all weathers"
    assert blue.images == ("j/a/s.jpg", "j/a/s2.jpg", "j/a/s3.jpg", "j/a/j.jpg")
    assert red.images == ("j/a/j.jpg",) and found["PART"].images == ()
    assert found["OLD"].category == ("A/B",) and found["PART"].description == "A zip"
    assert blue.updated_at_ms == 1_767_344_700_000
    assert {sku: found[sku].availability for sku in ("GONE", "LATER", "EBOOK", "SET")} == {
        "GONE": Availability.OUT_OF_STOCK, "LATER": Availability.BACKORDER, "EBOOK": Availability.IN_STOCK,
        "SET": Availability.IN_STOCK,
    }  # fmt: skip


def test_variants_of_a_hidden_product_are_hidden(read_feed: Callable[..., Any]) -> None:
    feed = read_feed("a.csv", FEED.replace("For all weathers,,1,", "For all weathers,,2,"))
    assert feed.by_id("S-BLUE").hidden
