"""What columns are called: the names that mean a field or an attribute in the exports of shops, in many languages."""

from __future__ import annotations

__all__ = ["ATTRIBUTE_NAMES", "FIELD_NAMES", "KINDS_OF_ROWS", "SHOWN_NAMES"]


def _names(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.split()))


FIELD_NAMES: dict[str, tuple[str, ...]] = {
    "id": _names(
        """id product_id item_id productid itemid sku product_code asin code offer_id article_id variant_id
        variation_id item_number item_no itemcode product_number product_no stock_code merchant_product_id
        aw_product_id product_sku variant_sku unique_id uid artikelnummer artikelnr artikel_nr art_nr artnr
        artikelid artikel_id produktnummer produkt_id produktid bestellnummer référence reference ref
        référence_produit id_produit code_article referencia código codigo cod ref_producto id_producto
        código_producto codigo_produto id_produto codice codice_articolo codice_prodotto id_prodotto
        artikelcode productcode produktkode varenummer varenr artikelkod tuotekoodi tuotenumero kod
        kod_produktu indeks kód kód_produktu kód_produktu katalogové_číslo cikkszám termékkód cod_produs
        артикул код код_товара id_товара ід артикул_товару šifra sifra šifra_artikla urun_kodu ürün_kodu
        stok_kodu κωδικός 商品番号 商品コード 商品id 商品编号 商品编码 货号 貨號 商品編號 상품번호 상품코드
        mã_sản_phẩm mã_sp รหัสสินค้า kode_produk kode kode_barang رقم_المنتج מקט מק_ט"""
    ),
    "group_id": _names(
        """group_id item_group_id item_group parent_id parent_sku parent_asin parent parent_product_id
        master_id master_sku model_id style_id style_code style_number configurable_sku parent_code
        variant_group variantgroup elternartikel vaterartikel id_parent id_padre id_pai группа_id gruppen_id"""
    ),
    "title": _names(
        """title name product_name product_title productname productdisplayname item_name item_title product
        display_name producttitle short_name titel bezeichnung artikelbezeichnung artikelname produktname
        produkttitel produktbezeichnung titre nom nom_produit nom_du_produit libellé libelle désignation
        designation intitulé título titulo nombre nombre_producto nombre_del_producto producto artículo nome
        nome_produto nome_do_produto nome_prodotto titolo denominazione prodotto articolo naam productnaam
        omschrijving_kort navn produktnavn varenavn namn produktnamn benämning nimi tuotenimi tuote nazwa
        nazwa_produktu nazwa_towaru název název_produktu názov názov_produktu név terméknév megnevezés
        termék_neve denumire nume nume_produs titlu название наименование название_товара наименование_товара
        имя товар назва назва_товару найменування naziv naziv_artikla ime ime_izdelka naziv_proizvoda ad
        ürün_adı urun_adi ürün_ismi başlık όνομα τίτλος όνομα_προϊόντος 商品名 商品名称 商品名稱 名称 名稱 品名
        产品名称 标题 商品标题 タイトル 상품명 제품명 이름 tên tên_sản_phẩm tên_sp ชื่อสินค้า ชื่อ nama
        nama_produk nama_barang اسم_المنتج الاسم العنوان שם שם_המוצר שם_מוצר"""
    ),
    "description": _names(
        """description body body_html long_description product_description text desc full_description
        short_description details summary content product_details descr beschreibung artikelbeschreibung
        produktbeschreibung langtext kurzbeschreibung langbeschreibung description_longue description_produit
        descriptif description_courte descripción descripcion descripción_larga descripción_corta descrição
        descricao descrição_longa descrizione descrizione_lunga descrizione_breve omschrijving beschrijving
        beskrivelse beskrivning produktbeskrivning produktbeskrivelse kuvaus opis opis_produktu popis
        popis_produktu leírás termékleírás descriere описание описание_товара опис açıklama urun_aciklamasi
        ürün_açıklaması περιγραφή 説明 商品説明 商品描述 描述 产品描述 详情 설명 상품설명 mô_tả รายละเอียด
        คำอธิบาย deskripsi keterangan الوصف וصف תיאור"""
    ),
    "brand": _names(
        """brand vendor manufacturer brand_name merchant_brand maker label designer manufacturer_name marke
        hersteller herstellername markenname marque fabricant marca fabricante produttore merk fabrikant merke
        mærke produsent producent varumärke märke tillverkare merkki valmistaja marka producent_marka značka
        výrobce výrobca márka gyártó marcă producător бренд производитель марка торговая_марка виробник brend
        proizvođač proizvajalec üretici μάρκα κατασκευαστής ブランド メーカー 品牌 牌子 制造商 브랜드 제조사
        thương_hiệu hãng ยี่ห้อ แบรนด์ merek brand_produk العلامة_التجارية الماركة מותג יצרן"""
    ),
    "category": _names(
        """category categories categories_name product_type category_path product_category type category_name
        categorypath merchant_category google_product_category categorytext category_tree department kategorie
        kategorien warengruppe produktkategorie produktart artikelgruppe catégorie categorie catégories rayon
        catégorie_produit categoría categorías categoria categorias rubro familia categoria_prodotto
        categorie_prodotto categorieën productgroep productcategorie kategori kategorier varegruppe
        produktgrupp produktkategori kategoria tuoteryhmä kategoria_produktu kategorie_produktu kategórie
        kategória kategóriák termékkategória categorie_produs категория категории раздел категория_товара
        рубрика категорія категорії kategorija kategorije κατηγορία κατηγορίες カテゴリ カテゴリー 分类 分類
        类别 類別 商品分类 商品分類 카테고리 분류 danh_mục ngành_hàng หมวดหมู่ ประเภท kategori_produk القسم
        الفئة التصنيف קטגוריה"""
    ),
    "price": _names(
        """price regular_price selling_price current_price unit_price price_incl_tax price_with_tax gross_price
        retail_price search_price store_price list_price base_price price_amount display_price offers_price
        item_price preis verkaufspreis bruttopreis preis_brutto vk vk_brutto prix prix_ttc prix_de_vente
        prix_public precio precio_venta precio_de_venta precio_regular precio_lista preço preco preço_venda
        preço_de_venda prezzo prezzo_vendita prezzo_ivato prijs verkoopprijs pris salgspris utsalgspris
        försäljningspris hinta myyntihinta cena cena_brutto cena_s_dph cena_sprzedaży ár eladási_ár bruttó_ár
        preț pret цена стоимость цена_продажи розничная_цена ціна вартість cijena prodajna_cijena prodajna_cena
        fiyat satış_fiyatı satis_fiyati τιμή τιμή_πώλησης 価格 販売価格 値段 税込価格 价格 價格 售价 售價 单价
        销售价 가격 판매가 판매가격 giá giá_bán ราคา ราคาขาย harga harga_jual السعر سعر מחיר"""
    ),
    "sale_price": _names(
        """sale_price special_price promotional_price discount_price discounted_price promo_price offer_price
        reduced_price price_sale deal_price final_price angebotspreis sonderpreis aktionspreis rabattpreis
        reduzierter_preis prix_promo prix_promotionnel prix_soldé prix_remisé precio_oferta precio_de_oferta
        precio_rebajado precio_promocional preço_promocional preco_promocional preço_de_oferta prezzo_scontato
        prezzo_offerta prezzo_promozionale actieprijs aanbiedingsprijs tilbudspris kampanjpris reapris
        tarjoushinta alennushinta cena_promocyjna akční_cena akciová_cena akciós_ár preț_redus pret_promotional
        цена_со_скидкой акционная_цена цена_распродажи акційна_ціна акцијска_цена akcijska_cijena akcijska_cena
        indirimli_fiyat indirimli_fiyatı τιμή_προσφοράς セール価格 特価 促销价 促銷價 特价 折扣价 할인가
        할인가격 giá_khuyến_mãi ราคาลด harga_promo harga_diskon"""
    ),
    "list_price": _names(
        """compare_at_price compareatprice compare_price old_price was_price original_price previous_price rrp
        msrp uvp retail_price recommended_price suggested_price strike_price list_price product_price_old
        before_price alter_preis ursprungspreis streichpreis ancien_prix prix_barré prix_conseillé
        precio_anterior precio_original preço_original preço_de prezzo_originale prezzo_pieno adviesprijs
        van_prijs førpris ordinarie_pris ordinær_pris normaalihinta cena_katalogowa cena_regularna běžná_cena
        bežná_cena původní_cena eredeti_ár preț_vechi старая_цена прежняя_цена стара_ціна stara_cijena
        stara_cena eski_fiyat piyasa_fiyatı αρχική_τιμή 定価 通常価格 原价 原價 市场价 정가 소비자가 giá_gốc
        giá_niêm_yết ราคาปกติ harga_normal harga_coret"""
    ),
    "sale_period": _names("sale_period sale_price_effective_date sale_dates sale_price_dates"),
    "sale_from": _names(
        """special_from_date special_price_from_date special_price_from sale_price_dates_from sale_from
        sale_start sale_start_date sale_starts date_sale_price_starts sale_price_start_date sale_date_from
        promotion_start discount_from discount_start discount_start_date date_on_sale_from
        special_price_start_date promo_start price_discount_from angebot_von aktion_von aktion_start
        début_promotion inicio_oferta inizio_offerta"""
    ),
    "sale_to": _names(
        """special_to_date special_price_to_date special_price_to sale_price_dates_to sale_to sale_end
        sale_end_date sale_ends date_sale_price_ends sale_price_end_date sale_date_to promotion_end discount_to
        discount_end discount_end_date date_on_sale_to special_price_end_date promo_end price_discount_to
        angebot_bis aktion_bis aktion_ende fin_promotion fin_oferta fine_offerta"""
    ),
    "currency": _names(
        """currency currency_code price_currency currencycode currency_id währung waehrung devise monnaie
        moneda divisa moeda valuta valuuta waluta měna mena pénznem monedă валюта валута para_birimi νόμισμα
        通貨 币种 貨幣 통화"""
    ),
    "availability": _names(
        """availability in_stock stock_status stock is_in_stock instock stock_quantity inventory quantity qty
        available stock_level inventory_quantity quantity_in_stock stock_qty quantity_available on_hand
        verfügbarkeit lagerbestand bestand lager menge verfügbar disponibilité quantité en_stock dispo
        disponibilidad existencias cantidad inventario disponibilidade estoque quantidade disponibilità
        giacenza quantità disponibile beschikbaarheid voorraad aantal lagerstatus lagersaldo antal antall
        beholdning saatavuus varasto varastosaldo dostępność ilość stan stan_magazynowy dostupnost skladem
        množství sklad dostupnosť skladom elérhetőség készlet raktárkészlet disponibilitate stoc cantitate
        наличие остаток количество в_наличии склад наявність залишок кількість količina zaliha stanje stok
        stok_durumu stok_adedi διαθεσιμότητα απόθεμα 在庫 在庫数 在庫状況 库存 庫存 数量 재고 재고수량 tồn_kho
        số_lượng สต็อก จำนวน คงเหลือ stok_produk المخزون الكمية التوفر מלאי כמות זמינות"""
    ),
    "hidden": _names("hidden is_hidden ishidden unlisted archived is_archived draft is_draft versteckt oculto caché"),
    "images": _names(
        """images image image_url images_src images_url media_url media_src image_link image_src img picture
        photo imageurl image_urls image_1 image1 main_image image_links pictures photos img_url picture_url
        photo_url large_image merchant_image_url aw_image_url product_image base_image thumbnail imagelink bild
        bilder bild_url bildurl hauptbild produktbild abbildung image_principale images_produit photo_produit
        imagen imágenes imagenes foto fotos url_imagen imagem imagens url_imagem immagine immagini afbeelding
        afbeeldingen afbeelding_url bilde bilde_url billede billeder bild_länk kuva kuvat kuvan_osoite zdjęcie
        zdjęcia obrazek obrázek obrázky obrázok kép képek kép_url imagine imagini poză изображение изображения
        картинка фото ссылка_на_картинку зображення slika slike resim resimler görsel ürün_resmi εικόνα 画像
        画像url 商品画像 图片 圖片 主图 商品图片 이미지 사진 대표이미지 hình_ảnh ảnh รูปภาพ gambar foto_produk
        الصورة صورة תמונה"""
    ),
    "url": _names(
        """url link product_url permalink product_link page_url deep_link aw_deep_link merchant_deep_link
        deeplink productlink landing_page produktlink produkt_url artikel_url lien url_produit lien_produit
        enlace url_producto url_do_produto link_prodotto productpagina lenke länk linkki odkaz adresa_url
        hivatkozás ссылка url_товара посилання bağlantı ürün_linki σύνδεσμος 商品ページ 商品链接 链接 링크
        상품링크 liên_kết ลิงก์ tautan الرابط קישור"""
    ),
    "updated_at": _names(
        """updated_at updated_at_ms modified last_modified date_modified last_updated updated modified_at
        modification_date date_upd geändert_am date_modification fecha_modificación data_modifica"""
    ),
}
"""Field to the column names that are taken for it, best first, as `name_of` writes them."""

SHOWN_NAMES = frozenset(
    _names(
        """published is_published visible is_visible active is_active isactive enabled is_enabled status state
        published_status product_status visibility published_on_online_store online show_in_shop display
        product_online listed is_listed aktiv sichtbar veröffentlicht freigegeben actif publié activo publicado
        ativo visível attivo visibile pubblicato actief zichtbaar gepubliceerd aktywny widoczny aktivní
        viditelný aktív активен опубликован видимость активний aktivan yayında etkin 公開 上架 판매여부
        진열여부"""
    )
)
"""Columns that say whether a product is shown; they count where every value of theirs says yes or no."""

ATTRIBUTE_NAMES: dict[str, tuple[str, ...]] = {
    "color": _names(
        """color colour base_colour basecolour colors colours farbe couleur cor colore kleur farge farve färg
        väri kolor barva farba szín culoare цвет колір boja renk χρώμα 色 カラー 颜色 顏色 색상 màu màu_sắc สี
        warna اللون צבע"""
    ),
    "size": _names(
        """size sizes größe groesse taille pointure talla tamaño tamanho taglia misura maat størrelse storlek
        koko rozmiar velikost veľkosť méret mărime marime размер розмір veličina beden ölçü μέγεθος サイズ 尺码
        尺寸 尺碼 사이즈 kích_thước ขนาด ukuran المقاس מידה"""
    ),
    "material": _names(
        """material materials fabric stoff matière matiere materiale stof materiaal tyg materiaali materiał
        materiál anyag материал матеріал materijal malzeme kumaş υλικό 素材 材质 材質 面料 소재 재질 chất_liệu
        วัสดุ bahan المادة חומר"""
    ),
    "pattern": _names("pattern muster motif patrón padrão fantasia patroon mønster mönster wzór vzor desen 柄 图案"),
    "gender": _names(
        """gender sex geschlecht genre sexe género gênero genere geslacht kjønn køn kön sukupuoli płeć pohlaví
        pohlavie nem gen пол стать spol cinsiyet φύλο 性別 性别 성별 giới_tính เพศ jenis_kelamin الجنس מגדר"""
    ),
    "age_group": _names("age_group altersgruppe tranche_d_âge grupo_de_edad faixa_etária fascia_d_età leeftijdsgroep"),
    "gtin": _names(
        """gtin ean upc isbn barcode ean13 gtin13 gtin12 ean_code eancode barcode_ean strichcode code_barres
        codigo_barras código_de_barras codice_a_barre streepjescode strekkode streckkod viivakoodi kod_kreskowy
        kod_ean čárový_kód vonalkód cod_de_bare штрихкод штрих_код barkod bar_kod jan janコード 条码 條碼
        바코드 mã_vạch"""
    ),
    "mpn": _names("mpn manufacturer_part_number part_number model_number herstellernummer teilenummer"),
    "condition": _names(
        "condition zustand état estado condición condizione toestand tilstand skick stan_produktu stav"
    ),
    "image_alt": _names(
        """image_alt image_alt_text alt_text image_alt_tag alternativtext bildbeschreibung texte_alternatif
        texto_alternativo testo_alternativo"""
    ),
    "tags": _names(
        "tags keywords labels schlagworte schlagwörter étiquettes etiquetas palabras_clave etichette tagi štítky"
    ),
}
"""The same for attributes, which many feeds have under names that mean the same everywhere."""

KINDS_OF_ROWS = frozenset(
    _names(
        """simple variable variation grouped external virtual downloadable configurable bundle physical digital
        product variant sku rule p d item parent child kit standard service gift_card giftcard"""
    )
)
"""What a column called type holds where it says how a platform sells the product, not what it is."""
