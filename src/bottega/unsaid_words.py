"""What forms write into fields that they require, when nobody knew: in the languages of shops."""

from __future__ import annotations

__all__ = ["UNSAID_OF", "UNSAID_WORDS"]

UNSAID_WORDS = frozenset(
    {
        # of anything
        "unknown", "unspecified", "not specified", "not available", "not known", "not given", "not defined",
        "not stated", "not assigned", "no data", "no info", "no information", "to be defined", "tbd", "tba", "tbc",
        "missing", "empty", "does not apply", "doesnt apply", "doesn't apply", "n/d", "n.d.", "nd", "s/d",
        "k.a.", "k. a.", "keine angabe", "keine angaben", "ohne angabe", "nicht angegeben", "unbekannt",
        "nicht verfügbar", "nicht zutreffend", "entfällt", "geen", "onbekend", "niet van toepassing", "n.v.t.", "nvt",
        "inconnu", "non spécifié", "non renseigné", "non applicable", "sans objet", "non précisé", "non défini",
        "desconocido", "no aplica", "no especificado", "sin especificar", "sin definir", "ninguno", "ninguna",
        "desconhecido", "não se aplica", "nao se aplica", "não especificado", "não informado", "nenhum", "nenhuma",
        "sconosciuto", "non specificato", "non applicabile", "nessuno", "nessuna", "okänd", "ej angivet", "ukendt",
        "ikke angivet", "ukjent", "ikke oppgitt", "tuntematon", "ei määritelty", "nieznany", "nie dotyczy",
        "nie określono", "brak", "brak danych", "neznámý", "neuvedeno", "neuvedené", "nezadáno", "ismeretlen",
        "nincs megadva", "necunoscut", "nespecificat", "не указан", "не указано", "не указана", "неизвестно",
        "неизвестен", "не задано", "не определено", "нет данных", "не вказано", "невідомо", "nepoznato",
        "nije navedeno",
        "bilinmiyor", "belirtilmemiş", "belirtilmedi", "άγνωστο", "μη διαθέσιμο", "無", "无", "未知", "不明",
        "なし", "未設定",
        "未填写", "没有", "없음", "미지정", "해당없음", "해당 없음", "không", "không có", "không xác định",
        "ไม่ระบุ", "ไม่มี",
        "tidak ada", "tidak diketahui", "غير محدد", "غير معروف", "لا يوجد", "לא ידוע", "אין",
        # of a colour or a size
        "no color", "no colour", "colorless/none", "without color", "no size", "ohne farbe", "sin color", "sem cor",
        "sans couleur", "senza colore", "see image", "see picture", "see photo", "see description", "as shown",
        "as pictured", "as per image", "as photo", "siehe bild", "wie abgebildet", "wie auf dem bild", "voir photo",
        "ver foto", "ver imagen", "vedi foto", "как на фото", "см. фото", "como en la foto",
    }
)  # fmt: skip
"""Not said of a product: what fills a required field of a form when nobody knew. A title of these words is one."""

UNSAID_OF: dict[str, frozenset[str]] = {
    "brand": frozenset(
        {
            "no brand", "nobrand", "no brand name", "unbranded", "non branded", "non-brand", "no name", "noname",
            "without brand", "brandless", "generic brand", "brand", "other brand", "oem/unbranded", "ohne marke",
            "keine marke", "no name produkt", "markenlos", "sans marque", "sin marca", "sem marca", "senza marca",
            "zonder merk", "merkloos", "uten merke", "uden mærke", "utan märke", "bez marki", "bez značky",
            "brak marki",
            "márka nélkül", "fără marcă", "fara marca", "fără brand", "без бренда", "нет бренда", "без марки",
            "без торговой марки",
            "markasız", "noname/без бренда", "无品牌", "無品牌", "ノーブランド", "ノーブランド品", "브랜드없음",
            "브랜드 없음",
            "노브랜드", "không thương hiệu", "tanpa merek", "no marca",
        }
    ),
    "category": frozenset(
        {
            "uncategorized", "uncategorised", "uncategorized products", "no category", "without category",
            "default category",
            "root catalog", "root", "unkategorisiert", "ohne kategorie", "nicht kategorisiert", "keine kategorie",
            "non classé", "non classe", "sans catégorie", "sin categoría", "sin categoria", "sin categorizar",
            "sem categoria", "senza categoria", "geen categorie", "niet gecategoriseerd", "okategoriserad",
            "okategoriserade",
            "ikke kategoriseret", "ukategorisert", "bez kategorii", "nezařazené", "nezaradené", "nekategorizirano",
            "nesvrstano", "kategória nélkül", "fără categorie", "fara categorie", "без категории", "без рубрики",
            "без категорії", "genel", "kategorisiz", "未分类", "未分類", "未カテゴリー", "미분류", "chưa phân loại",
            "tak berkategori", "غير مصنف",
        }
    ),
}  # fmt: skip
"""The same of one field alone: a root is a vegetable elsewhere."""
