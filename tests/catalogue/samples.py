"""One small feed of each format: what the readers are told apart by, damaged with, and counted by."""

from __future__ import annotations

__all__ = ["SAMPLES"]

I = "https://s.example/"  # noqa: E741

SAMPLES: dict[str, tuple[str, str]] = {
    "csv": ("a.csv", f'id,title,price,images\n1,"Lamp, tall",5.00,{I}1.jpg\n2,Desk,7,a.jpg\n'),
    "merchant-tsv": (
        "a.tsv",
        f"id\ttitle\tlink\timage_link\tprice\n1\tLamp\thttps://s.example\t{I}1.jpg\t5 USD\n",
    ),
    "merchant-xml": (
        "a.xml",
        "<rss><channel><item><id>1</id><title>Lamp</title></item><item><id>2</id></item></channel></rss>",
    ),
    "jsonl": (
        "a.jsonl",
        '{"id": 1, "title": "Lamp", "tags": ["a", {"b": 1}]}\n{"id": "2", "title": "Desk", "o": [{"p": 1}]}\n',
    ),
    "shopify-csv": (
        "a.csv",
        "Handle,Title,Option1 Name,Option1 Value,Variant Price\na,Lamp,Size,S,5\na,,,M,6\nb,Desk,,,\n",
    ),
    "woocommerce-csv": (
        "a.csv",
        "ID,Type,SKU,Name,Published,In stock?,Stock,Regular price,Categories,Images,Parent,Attribute 1 name,"
        "Attribute 1 value(s)\n"
        f'1,simple,L,Lamp,1,1,,5,"Home, Home > Lamps",{I}1.jpg,,,\n'
        f'2,variable,D,Desk,1,1,,,Home,{I}2.jpg,,Size,"S, M"\n'
        "3,variation,D-S,Desk - S,1,1,2,9,,,D,Size,S\n"
        "4,variation,D-M,Desk - M,1,0,0,9,,,id:2,Size,M\n",
    ),
    "magento-csv": (
        "a.csv",
        "sku,store_view_code,attribute_set_code,product_type,categories,name,product_online,visibility,price,qty,"
        "is_in_stock,additional_attributes,configurable_variations\n"
        'D-S,,Top,simple,Default Category/Home,Desk S,1,Not Visible Individually,9.0000,2,1,"size=S,note=a, b",\n'
        'D,,Top,configurable,Default Category/Home,Desk,1,"Catalog, Search",9.0000,0,1,,"sku=D-S,size=S"\n'
        "D,de,Top,configurable,,Tisch,,,,,,,\n"
        'L,,Top,simple,Default Category/Home,Lamp,2,"Catalog, Search",5.0000,2,1,,\n',
    ),
    "bigcommerce-csv": (
        "a.csv",
        "Item,ID,Name,Type,SKU,Options,Inventory Tracking,Current Stock,Price,Sale Price,Categories,Is Visible,"
        "Image URL (Import)\n"
        "Product,1,Desk,physical,D,,variant,0,9.00,0.00,Home/Desks,TRUE,\n"
        "Variant,7,,,D-S,Type=Dropdown|Name=Size|Value=S,,2,,,,,\n"
        f"Image,8,,,,,,,,,,,{I}1.jpg\n"
        "Product,2,Lamp,physical,L,,product,0,5.00,,Home,FALSE,\n",
    ),
    "prestashop-csv": (
        "a.csv",
        "Product ID;Active (0/1);Name*;Categories (x,y,z...);Price tax excluded;Tax rules ID;On sale (0/1);Reference #;"
        "Quantity;Image URLs (x,y,z...)\n"
        f"1;1;Lampe;Maison,Maison/Lampes;24,50;1;0;L;12;{I}1.jpg,{I}2.jpg\n2;0;Bureau;Maison;9;1;0;D;0;\n",
    ),
    "wix-csv": (
        "a.csv",
        "handleId,fieldType,name,productImageUrl,collection,sku,price,surcharge,visible,discountMode,discountValue,"
        "inventory,productOptionName1,productOptionDescription1\n"
        "p1,Product,Desk,1.jpg,Home,,19.0,,true,PERCENT,0.0,InStock,Size,S;M\n"
        "p1,Variant,,,,,,0.0,true,,,InStock,,S\n"
        "p1,Variant,,,,,,5.0,true,,,OutOfStock,,M\n"
        "p2,Product,Lamp,,Home,L,4.0,,false,PERCENT,0.0,3,,\n",
    ),
    "squarespace-csv": (
        "a.csv",
        "Product ID [Non Editable],Variant ID [Non Editable],Product Type [Non Editable],Product Page,Product URL,"
        "Title,Description,SKU,Option Name 1,Option Value 1,Price,Sale Price,On Sale,Stock,Categories,Tags,Visible,"
        "Hosted Image URLs\n"
        f"aa,v1,PHYSICAL,shop,desk,Desk,<p>A desk</p>,D-S,Size,S,9.00,7.00,Yes,2,/Home/Desks,,Yes,"
        f"{I}1.jpg {I}2.jpg\n"
        ",v2,,,,,,D-M,Size,M,9.00,0.00,No,0,,,,\n"
        "bb,v3,PHYSICAL,shop,lamp,Lamp,,L,,,5.00,0.00,No,Unlimited,/Home,,No,\n",
    ),
    "etsy-csv": (
        "a.csv",
        "TITLE,DESCRIPTION,PRICE,CURRENCY_CODE,QUANTITY,TAGS,MATERIALS,IMAGE1,IMAGE2,VARIATION 1 TYPE,VARIATION 1 NAME,"
        "VARIATION 1 VALUES,SKU\n"
        f'Desk,A desk,9.00,EUR,2,"oak,desk",oak,{I}1.jpg,{I}2.jpg,Size,Size,"S,M",D\nLamp,A lamp,5.00,EUR,0,,,,,,,,\n',
    ),
    "shopify-json": (
        "a.json",
        '{"products": [{"id": 1, "title": "Desk", "body_html": "<p>A desk</p>", "vendor": "Nord",'
        ' "product_type": "Desks",'
        ' "handle": "desk", "status": "active", "tags": "oak, home", "options": [{"name": "Size"}],'
        ' "variants": [{"id": 7,'
        ' "sku": "D-S", "price": "9.00", "compare_at_price": "12.00", "option1": "S",'
        ' "inventory_management": "shopify",'
        ' "inventory_quantity": 2, "inventory_policy": "deny"}, {"id": 8, "sku": "", "price": "9.500", "option1": "M",'
        ' "inventory_management": "shopify", "inventory_quantity": 0, "inventory_policy": "deny", "image_id": 5}],'
        f' "images": [{{"id": 4, "src": "{I}1.jpg"}}, {{"id": 5, "src": "{I}2.jpg"}}]}}, {{"id": 2, "title": "Lamp",'
        ' "body_html": "", "vendor": "Nord", "product_type": "", "handle": "lamp", "status":'
        ' "draft", "variants": []}]}',
    ),
    "woocommerce-json": (
        "a.json",
        '[{"id": 1, "name": "Lamp", "type": "simple", "status": "draft", "catalog_visibility": "visible", "sku": "L",'
        ' "price": "5.00", "regular_price": "5.00", "sale_price": "", "stock_status": "outofstock",'
        ' "stock_quantity": null, "categories": [{"id": 9, "name": "Home"}], "permalink": "https://s.example/lamp/",'
        f' "images": [{{"src": "{I}1.jpg"}}], "attributes": [{{"name": "Colour", "options": ["Blue", "Red"]}}]}},'
        ' {"id": 2, "name": "Desk", "type": "variable", "status": "publish", "catalog_visibility": "visible",'
        ' "regular_price": "", "stock_status": "instock", "variations": [{"id": 3, "regular_price": "9", "sku": "D-S",'
        ' "attributes": [{"name": "Size", "option": "S"}], "stock_status": "onbackorder"}]}]',
    ),
    "bigcommerce-json": (
        "a.json",
        '{"data": [{"id": 1, "name": "Desk", "price": 9.0, "sale_price": 0, "retail_price": 12, "is_visible": true,'
        ' "inventory_tracking": "variant", "inventory_level": 2, "categories": [23], "custom_url": {"url": "/desk/"},'
        f' "images": [{{"url_standard": "{I}1.jpg"}}], "variants": [{{"id": 7, "sku": "D-S", "price": null,'
        ' "inventory_level": 2, "option_values": [{"option_display_name": "Size", "label": "S"}]}, {"id": 8, "sku": "",'
        ' "price": 9.125, "inventory_level": 0, "option_values": [{"option_display_name": "Size", "label": "M"}]}]},'
        ' {"id": 2, "name": "Lamp", "sku": "L", "price": 5, "is_visible": false, "inventory_tracking": "none",'
        ' "calculated_price": 5, "variants": [{"id": 9, "sku": "L", "option_values": []}]}], "meta":'
        ' {"pagination": {}}}',
    ),
    "tiendanube-json": (
        "a.json",
        '[{"id": 1, "name": {"es": "Mesa", "pt": "Mesa PT"}, "description": {"es": "<p>Una'
        ' mesa</p>"}, "published": true,'
        ' "attributes": [{"es": "Talle"}], "tags": "roble, casa", "canonical_url":'
        ' "https://s.example/mesa/", "categories":'
        ' [{"id": 3, "name": {"es": "Casa"}, "parent": null}, {"id": 4, "name": {"es": "Mesas"}, "parent": 3}],'
        f' "images": [{{"id": 6, "src": "{I}2.jpg", "position": 2}}, {{"id": 5, "src": "{I}1.jpg", "position": 1}}],'
        ' "variants": [{"id": 7, "sku": "M-S", "price": "9.00", "promotional_price": "7.00", "stock": 2, "image_id": 6,'
        ' "values": [{"es": "S"}]}, {"id": 8, "sku": null, "price": "9.00", "stock": 0, "values": [{"es": "M"}]}]},'
        ' {"id": 2, "name": {"es": "Luz"}, "published": false, "free_shipping": false, "variants": [{"id": 9, "price":'
        ' "5.00", "stock": null, "values": []}]}]',
    ),
    "cafe24-json": (
        "a.json",
        '{"products": [{"shop_no": 1, "product_no": 1, "product_code": "P0A", "product_name":'
        ' "Desk", "price": "9000.00",'
        ' "retail_price": "12000.00", "display": "T", "selling": "T", "sold_out": "F", "product_condition": "N",'
        f' "detail_image": "{I}1.jpg", "product_tag": ["oak"], "updated_date": "2026-05-01T12:00:00+09:00", "variants":'
        ' [{"variant_code": "P0A0A", "options": [{"name": "Size", "value": "S"}], "additional_amount": "0.00"},'
        ' {"variant_code": "P0A0B", "options": [{"name": "Size", "value": "M"}], "additional_amount": "500.00",'
        ' "selling": "F"}]}, {"product_no": 2, "product_code": "P0B", "product_name": "Lamp", "price": "5000.00",'
        ' "display": "F", "selling": "T", "sold_out": "T"}]}',
    ),
    "yml": (
        "a.xml",
        '<?xml version="1.0"?><yml_catalog date="2026-01-01"><shop><name>S</name><categories>'
        '<category id="1">Дом</category><category id="2" parentId="1">Столы</category></categories><offers>'
        '<offer id="7" available="true" group_id="1"><name>Стол</name><price>9.00</price><oldprice>12</oldprice>'
        f"<currencyId>RUR</currencyId><categoryId>2</categoryId><picture>{I}1.jpg</picture><vendor>Nord</vendor>"
        '<param name="Размер" unit="см">80</param></offer>'
        '<offer id="8" type="vendor.model" available="false"><typePrefix>Лампа</typePrefix><vendor>Nord</vendor>'
        "<model>L1</model><price>5</price><currencyId>RUB</currencyId></offer></offers></shop></yml_catalog>",
    ),
    "heureka-xml": (
        "a.xml",
        '<?xml version="1.0"?><SHOP><SHOPITEM><ITEM_ID>7</ITEM_ID><PRODUCTNAME>Stůl</PRODUCTNAME>'
        f"<DESCRIPTION>Dubový stůl</DESCRIPTION><URL>https://s.example/stul</URL><IMGURL>{I}1.jpg</IMGURL>"
        f"<IMGURL_ALTERNATIVE>{I}2.jpg</IMGURL_ALTERNATIVE><PRICE_VAT>1 290,50</PRICE_VAT>"
        "<MANUFACTURER>Nord</MANUFACTURER><CATEGORYTEXT>Heureka.cz | Dům | Stoly</CATEGORYTEXT>"
        "<EAN>4006381333931</EAN><DELIVERY_DATE>0</DELIVERY_DATE><ITEMGROUP_ID>1</ITEMGROUP_ID>"
        "<PARAM><PARAM_NAME>Velikost</PARAM_NAME><VAL>S</VAL></PARAM></SHOPITEM>"
        "<SHOPITEM><ITEM_ID>8</ITEM_ID><PRODUCTNAME>Lampa</PRODUCTNAME><PRICE_VAT>500</PRICE_VAT></SHOPITEM></SHOP>",
    ),
    "json-ld": (
        "a.html",
        '<!doctype html><html><head><link rel="canonical" href="https://s.example/desk"><script '
        'type="application/ld+json">{"@context": "https://schema.org", "@type": "ProductGroup", "productGroupID": "D",'
        ' "name": "Desk", "description": "A desk", "brand": {"@type": "Brand", "name": "Nord"}, "variesBy":'
        ' ["https://schema.org/size"], "hasVariant": [{"@type": "Product", "sku": "D-S", "size":'
        ' "S", "image": "/1.jpg",'
        ' "offers": {"@type": "Offer", "price": 9.5, "priceCurrency": "EUR", "availability":'
        ' "https://schema.org/InStock"}}, {"@type": "Product", "size": "M", "offers": {"@type":'
        ' "Offer", "price": "9.125",'
        ' "priceCurrency": "EUR", "availability": "https://schema.org/OutOfStock"}}]}</script></head></html>',
    ),
}
"""Format to the name of a file and its text."""
