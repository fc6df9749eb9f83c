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
}
"""Format to the name of a file and its text."""
