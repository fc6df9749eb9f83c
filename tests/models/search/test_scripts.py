"""Words are found in any language and script, however they are typed: accents, compounds, no blanks, ids."""

from __future__ import annotations

import pytest

from bottega.models.search.listing import Listing
from bottega.models.search.word_search import WordSearch

SHOPS: dict[str, list[Listing]] = {
    "fr": [
        Listing("Robe d'été à fleurs pour la plage", ("Vêtements", "Robes"), {"couleur": ("bleu pâle",)}),
        Listing("Manteau d'hiver pour le froid", ("Vêtements", "Manteaux"), {"couleur": ("rouge",)}),
        Listing("Théière en céramique avec le couvercle", ("Cuisine", "Théières"), brand="L'Étoile"),
    ],
    "de": [
        Listing("Tischlampe mit Fuß aus Holz", ("Wohnen", "Tischlampen"), {"farbe": ("grün",)}),
        Listing("Stehlampe für das Wohnzimmer", ("Wohnen", "Stehlampen"), {"farbe": ("schwarz",)}),
        Listing("Winterjacke für den Herrn", ("Kleidung", "Jacken"), {"farbe": ("schwarz",)}),
        Listing("Kaffeetasse mit dem Henkel", ("Küche", "Tassen"), {"farbe": ("weiß",)}),
    ],
    "ru": [
        Listing("Ёлочная гирлянда тёплый свет", ("Дом", "Гирлянды")),
        Listing("Чёрные кроссовки мужские", ("Обувь", "Кроссовки"), {"цвет": ("чёрный",)}),
        Listing("Красное платье", ("Одежда", "Платья"), {"цвет": ("красный",)}),
    ],
    "el": [
        Listing("Κόκκινο φόρεμα", ("Ρούχα", "Φορέματα"), {"χρώμα": ("κόκκινο",)}),
        Listing("Ξύλινη καρέκλα", ("Έπιπλα", "Καρέκλες")),
        Listing("ΜΑΥΡΟ ΠΑΛΤΟ", ("Ρούχα", "Παλτά")),
    ],
    "ja": [
        Listing("赤いワンピース 夏用", ("レディース", "ワンピース")),
        Listing("ﾃｰﾌﾞﾙﾗﾝﾌﾟ 木製", ("家具", "照明")),
        Listing("黒いスニーカー", ("靴", "スニーカー")),
    ],
    "zh": [
        Listing("红色连衣裙 夏季新款", ("女装", "连衣裙")),
        Listing("黑色运动鞋", ("鞋", "运动鞋")),
        Listing("木制台灯", ("家居", "灯具")),
        Listing("茶", ("食品",)),
    ],
    "ko": [
        Listing("빨간 원피스", ("여성의류", "원피스")),
        Listing("검은색 운동화", ("신발", "운동화")),
    ],
    "th": [
        Listing("เสื้อยืดสีแดง", ("เสื้อผ้า", "เสื้อยืด")),
        Listing("รองเท้าผ้าใบสีดำ", ("รองเท้า",)),
    ],
    "ar": [
        Listing("فستان أحمر طويل", ("ملابس", "فساتين")),
        Listing("حذاء رياضي أسود", ("أحذية",)),
        Listing("إبريق شاي مُزخرف", ("مطبخ",)),
    ],
    "he": [Listing("שמלה אדומה", ("בגדים",)), Listing("נעליים שחורות", ("נעליים",))],
    "hi": [Listing("लाल साड़ी", ("कपड़े", "साड़ी")), Listing("काले जूते", ("जूते",))],
    "tr": [Listing("Kırmızı elbise", ("Giyim", "Elbiseler")), Listing("Işıklı masa lambası", ("Ev",))],
    "pl": [Listing("Żółta sukienka", ("Odzież", "Sukienki")), Listing("Łóżko dębowe", ("Meble",))],
    "vi": [Listing("Đầm đỏ mùa hè", ("Thời trang",)), Listing("Giày thể thao đen", ("Giày",))],
    "emoji": [Listing("Mug 🐱 for cat people", ("Mugs",)), Listing("Mug 🐶 for dog people", ("Mugs",))],
    "numbers": [
        Listing("Chelsea boot", ("Boots",), names=("BOO-00025", "SKU_77/A")),
        Listing("Desert boot", ("Boots",), names=("BOO-00250", "4006381333931")),
        Listing("Ankle boot 25", ("Boots",), names=("BOO-00026",)),
    ],
}


def whole(language: str, text: str) -> set[int]:
    """Those that are all that was asked for."""
    search = WordSearch()
    search.add(range(len(SHOPS[language])), SHOPS[language])
    answer = search.search(text, 9)
    return {int(one) for one in answer.ids[: answer.close_from]}


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("fr", "ete", {0}),
        ("fr", "ÉTÉ", {0}),
        ("fr", "robe d’ete", {0}),
        ("fr", "theiere", {2}),
        ("fr", "etoile", {2}),
        ("fr", "l'étoile", {2}),
        ("fr", "robes bleues", {0}),
        ("de", "lampe", {0, 1}),
        ("de", "Lampen", {0, 1}),
        ("de", "jacke", {2}),
        ("de", "Winter Jacke", {2}),
        ("de", "Tasse", {3}),
        ("de", "weisse Tasse", {3}),
        ("de", "gruene Lampe", {0}),
        ("de", "schwarze Lampe", {1}),
        ("ru", "ЕЛОЧНАЯ ГИРЛЯНДА", {0}),
        ("ru", "ёлочная", {0}),
        ("ru", "черные кроссовки", {1}),
        ("ru", "ПЛАТЬЕ", {2}),
        ("el", "κοκκινο φορεμα", {0}),
        ("el", "ΚΌΚΚΙΝΟ", {0}),
        ("el", "καρεκλα", {1}),
        ("el", "μαύρο παλτό", {2}),
        ("ja", "ワンピース", {0}),
        ("ja", "赤いワンピース", {0}),
        ("ja", "テーブルランプ", {1}),
        ("ja", "ﾃｰﾌﾞﾙﾗﾝﾌﾟ", {1}),
        ("ja", "スニーカー 黒い", {2}),
        ("ja", "赤", {0}),
        ("zh", "连衣裙", {0}),
        ("zh", "红色连衣裙", {0}),
        ("zh", "红", {0}),
        ("zh", "台灯", {2}),
        ("zh", "茶", {3}),
        ("ko", "원피스", {0}),
        ("ko", "운동화", {1}),
        ("th", "เสื้อยืด", {0}),
        ("th", "สีดำ", {1}),
        ("ar", "فستان", {0}),
        ("ar", "احمر", {0}),
        ("ar", "أسود", {1}),
        ("ar", "ابريق شاي مزخرف", {2}),
        ("he", "שמלה", {0}),
        ("hi", "साड़ी", {0}),
        ("hi", "जूते", {1}),
        ("tr", "KIRMIZI ELBİSE", {0}),
        ("tr", "kirmizi", {0}),
        ("tr", "isikli", {1}),
        ("pl", "zolta sukienka", {0}),
        ("pl", "lozko", {1}),
        ("vi", "dam do", {0}),
        ("vi", "giay", {1}),
        ("emoji", "🐱", {0}),
        ("emoji", "mug 🐶", {1}),
        ("numbers", "BOO-00025", {0}),
        ("numbers", "boo-00025", {0}),
        ("numbers", "boo00025", {0}),
        ("numbers", "BOO 00025", {0}),
        ("numbers", "sku_77/a", {0}),
        ("numbers", "sku77a", {0}),
        ("numbers", "4006381333931", {1}),
        ("numbers", "chelsea boot BOO-00025", {0}),
    ],
)
def test_all_that_was_asked_for(language: str, text: str, wanted: set[int]) -> None:
    assert whole(language, text) == wanted


@pytest.mark.parametrize(("text", "first"), [("Tischlampe", 0), ("Tischlampen", 0), ("Stehlampen", 1)])
def test_the_compound_itself_stands_first(text: str, first: int) -> None:
    search = WordSearch()
    search.add(range(len(SHOPS["de"])), SHOPS["de"])
    assert int(search.search(text, 9).ids[0]) == first


@pytest.mark.parametrize("text", ["red shirt", "Red Shirt"])
def test_words_are_no_id_that_is_made_of_them(text: str) -> None:
    search = WordSearch()
    search.add(
        [0, 1], [Listing("Red shirt", names=("red-shirt",)), Listing("Red shirt, slim", names=("red-shirt-slim",))]
    )
    assert len(search.search(text, 9).ids) == 2


def test_a_price_or_a_size_is_no_id_in_a_shop_of_numbers() -> None:
    search = WordSearch()
    search.add([0, 1], [Listing("Lamp", price=900.0, names=("2000",)), Listing("Shoe", price=50.0, names=("50",))])
    assert [int(one) for one in search.search("lamp under 2000", 9).ids] == [0]
    assert [int(one) for one in search.search("shoe under 2000", 9).ids] == [1]
    assert [int(one) for one in search.search("2000", 9).ids] == [0]
