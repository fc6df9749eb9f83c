"""What forms write into fields that they require, when nobody knew: in the languages of shops."""

from __future__ import annotations

__all__ = ["NAMED_BY_WORDS", "NONE_OF_IT", "UNSAID_OF", "UNSAID_WORDS"]

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
        # the rest of what spreadsheets, forms and offices write, language by language
        "left blank", "to be confirmed", "to be announced", "not disclosed", "undisclosed", "not selected",
        "not mentioned", "not listed", "not found", "not determined", "not entered", "no entry", "no answer",
        "no details", "no selection", "nothing selected", "unavailable", "unassigned", "unset", "n/k",
        "n\\a", "n.a", "n.d", "n. d.", "n/b", "n.b.", "n.v.", "pd.na", "please select",
        "select one", "select an option", "choose an option", "please choose", "not applicable (n/a)",
        "o.a.", "o. a.", "ohne angaben", "nicht vorhanden", "nicht definiert", "nicht bekannt", "nicht spezifiziert",
        "nicht ausgewählt", "nicht gesetzt", "leer", "entf.", "wird ergänzt", "bitte wählen",
        "bitte auswählen", "keine auswahl", "keine daten", "k.a", "niet bekend", "niet opgegeven",
        "niet ingevuld", "niet beschikbaar", "niet gespecificeerd", "nog niet bekend", "leeg", "maak een keuze",
        "non communiqué", "non indiqué", "non disponible", "non fourni", "non connu", "non attribué", "vide", "néant",
        "aucune donnée", "aucune information", "pas d'information", "indéfini", "indéterminé", "à définir",
        "à compléter", "n.c.", "n. c.", "s.o.", "sélectionner", "sin dato", "sin datos", "sin información",
        "sin informacion", "sin asignar", "sin valor", "sin determinar", "no disponible", "no definido",
        "no especificada", "no indicado", "no informado", "no consta", "no procede", "no determinado", "por definir",
        "vacío", "vacio", "nulo", "indefinido", "indeterminado", "seleccione", "seleccionar", "s/i", "s.d.",
        "não disponível", "nao disponivel", "não definido", "nao definido", "não informada", "nao informado",
        "não aplicável", "nao aplicavel", "não especificada", "nao especificado", "não cadastrado", "não possui",
        "sem informação", "sem informacao", "sem dados", "sem valor", "indisponível", "a definir", "vazio", "n/i",
        "selecione", "n/disp", "non disponibile", "non definito", "non indicato", "non specificata", "non presente",
        "non assegnato", "non noto", "nullo", "vuoto", "assente", "indefinito", "da definire", "nessun dato",
        "seleziona", "no disponibile", "saknas", "uppgift saknas", "ej tillämpligt", "ej specificerat",
        "ej tillgänglig", "inte tillgänglig", "okänt", "uoplyst", "ikke tilgængelig", "ikke tilgjengelig",
        "ikke spesifisert", "ikke specificeret", "ikke relevant", "mangler", "ei tietoa", "ei saatavilla", "ei ole",
        "ei määritetty", "puuttuu", "tyhjä", "määrittelemätön", "nie podano", "nie określony", "nie określona",
        "nieokreślony", "nieokreślona", "nieokreślone", "niedostępne", "niedostępny", "nie wybrano", "b/d", "b.d.",
        "puste", "nieznana", "nieznane", "do uzupełnienia", "wybierz", "neurčeno", "neurčené", "nezjištěno",
        "není", "není k dispozici", "není uvedeno", "nie je k dispozícii", "nie je uvedené", "nespecifikováno",
        "nezadané", "neznáma", "neznáme", "prázdné", "žádný", "žádná", "žiadny", "žiadna", "vyberte", "nincs",
        "nincs adat", "nem elérhető", "nem ismert", "nincs meghatározva", "üres", "n.é.", "lipsă", "lipsa",
        "fără informații", "fara informatii", "nu există", "nu exista", "nu se aplică", "nedefinit", "nespecificată",
        "indisponibil", "alegeți", "nu este cazul", "н/д", "н.д.", "нд", "не заполнено", "не заполнен",
        "не определен", "не определён", "не известно", "не известен", "не имеется", "не применимо", "не выбрано",
        "не предусмотрено", "отсутствует", "отсутствуют", "пусто", "неопределено", "уточняется", "уточняйте",
        "без указания", "нет информации", "нет значения", "немає даних", "немає інформації", "не визначено",
        "не застосовно", "відсутній", "відсутня", "порожньо", "няма данни", "няма информация",
        "не е посочено", "не е посочен", "nema podataka", "nema podatka", "nedefinisano", "nedefinirano",
        "nije dostupno", "nije definirano", "nepoznat", "ni podatka", "ni na voljo", "neznano", "нема података",
        "непознато", "nėra duomenų", "nenurodyta", "nežinoma", "nav datu", "nav norādīts", "nezināms",
        "andmed puuduvad", "määramata", "teadmata", "tanımsız", "boş", "bilgi yok", "veri yok", "mevcut değil",
        "seçiniz", "belirsiz", "δεν υπάρχει", "δεν διατίθεται", "δεν ορίζεται", "χωρίς στοιχεία", "κανένα", "κενό",
        "μ/δ", "暂无", "暫無", "暂无数据", "无数据", "無數據", "无信息", "不适用", "不適用", "空", "空白", "待定",
        "待填",
        "未提供", "未指定", "未定义", "未定", "请选择", "无此项", "無し", "データなし", "該当なし", "情報なし",
        "指定なし",
        "記載なし", "不詳", "未入力", "未登録", "未記入", "選択してください", "정보없음", "정보 없음", "데이터없음",
        "해당사항없음", "해당사항 없음", "미정", "알 수 없음", "알수없음", "미입력", "선택안함",
        "상세페이지 참조", "상세페이지참조", "상세설명참조", "상세설명 참조", "상품상세참조", "상품 상세설명 참조",
        "trống",
        "chưa có",
        "chưa cập nhật", "đang cập nhật", "không rõ", "không áp dụng", "không có dữ liệu", "ไม่มีข้อมูล", "ไม่ทราบ",
        "ว่าง",
        "ไม่เกี่ยวข้อง", "kosong", "tidak tersedia", "tidak ditentukan", "tidak berlaku", "belum diisi", "belum ada",
        "tiada", "tiada maklumat", "wala", "غير متوفر", "غير متاح", "غير محددة", "غير معرف", "لا شيء", "لا ينطبق",
        "فارغ", "بدون", "لم يحدد", "لا توجد بيانات", "לא זמין", "לא רלוונטי", "לא צוין", "לא מוגדר", "ללא", "ריק",
        "نامشخص", "موجود نیست", "ندارد", "लागू नहीं", "लागू नहीं है", "उपलब्ध नहीं", "कोई नहीं", "अज्ञात", "خالی",
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

NONE_OF_IT = frozenset(
    {
        "no", "non", "not", "kein", "keine", "keiner", "keines", "ohne", "nichts", "zonder", "aucun", "aucune", "sans",
        "rien", "sin", "ningún", "ningun", "nada", "sem", "senza", "niente", "ingen", "inget", "ikke", "uden",
        "uten", "utan", "ei", "ilman", "żaden", "żadna", "nelze", "fără", "fara", "niciun", "niciuna", "нет", "нету",
        "без", "немає", "нема", "няма", "nema", "yok", "hiçbiri", "καμία", "κανένας", "όχι", "无品", "否", "いいえ",
        "無い", "아니오", "tanpa", "لا", "לא", "नहीं", "nėra", "puudub", "0", "false", "nein", "nee",
    }
)  # fmt: skip
"""None of it, where a name or a kind should stand. Of an attribute such as "waterproof" they may be the answer."""

NAMED_BY_WORDS = frozenset({"brand", "category", "color", "colour", "material", "pattern", "style", "group", "gender"})
"""Fields that `NONE_OF_IT` leaves empty: names and kinds, of which "no" is none."""
