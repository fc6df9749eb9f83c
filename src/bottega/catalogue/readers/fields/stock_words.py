"""The words for stock: of the languages of Europe, Asia and Latin America. `stock.py` reads them."""

from __future__ import annotations

from bottega.names import Availability

__all__ = ["LABELS", "NOT_WORDS", "STOCK_WORDS", "UNITS"]

STOCK_WORDS: dict[Availability, tuple[str, ...]] = {
    Availability.IN_STOCK: (
        # what traffic lights and steps say
        "green, yellow, amber, low, medium, high, limited, few, many, stock, grün, gelb, niedrig, mittel, hoch, vert, "
        "verde, alto, medio, bajo, versandbereit, in lager, can be shipped, can ship, ships in, ships immediately, "
        "oikein, saatavana, active, aktiv, open, live, ",
        # codes and English
        "in stock, instock, available, available now, availability yes, limited availability, limited stock, "
        "low stock, "
        "few left, last pieces, last items, last ones, almost gone, in store, in store only, instoreonly, "
        "online only, "
        "in shop, on hand, on stock, stocked, ready to ship, ships today, ships now, ships immediately, "
        "ships within, "
        "ready for dispatch, high stock, good stock, plenty, in supply, buyable, purchasable, enabled, for sale, "
        "always in stock, unlimited, infinite, true, yes, y, t, on, ok",
        # German, Dutch, Danish, Norwegian, Swedish, Icelandic
        "auf lager, lagernd, verfügbar, sofort verfügbar, lieferbar, sofort lieferbar, vorrätig, am lager, ab lager, "
        "ja, wenige verfügbar, nur noch wenige, geringer bestand, begrenzt verfügbar, versandfertig, "
        "op voorraad, voorradig, leverbaar, direct leverbaar, beschikbaar, op vooraad, beperkte voorraad, "
        "på lager, tilgjengelig, tilgængelig, lagervare, få på lager, på lagret, "
        "i lager, finns i lager, på väg att ta slut, tillgänglig, till i lager, finns, få i lager, á lager, "
        "til á lager",
        # French, Italian, Spanish, Catalan, Portuguese, Romanian
        "en stock, disponible, oui, stock limité, dispo, immédiatement disponible, en magasin, peu de stock, "
        "disponibile, in magazzino, disponibilità immediata, pronta consegna, si, sì, ultimi pezzi, "
        "disponibilità limitata, a magazzino, "
        "en existencia, en existencias, hay stock, con stock, disponibles, sí, pocas unidades, "
        "últimas unidades, stock bajo, stock disponible, entrega inmediata, en inventario, con existencias, "
        "en estoc, "
        "em stock, em estoque, disponível, disponivel, sim, poucas unidades, pronta entrega, estoque baixo, "
        "em armazém, estoque disponível, "
        "în stoc, disponibil, stoc limitat, stoc suficient, da, ultimul produs în stoc",
        # Slavic and Baltic languages
        "в наличии, есть, есть в наличии, имеется, на складе, в магазине, доступно, доступен, да, много, мало, "
        "заканчивается, товар в наличии, в наличност, наличен, налично, налице, на склад, в наявності, "
        "є в наявності, "
        "є, наявний, на складі, так, закінчується, на стању, на лагеру, доступно одмах, на залиха, "
        "na stanju, na lageru, dostupno, dostupan, na zalogi, na zalihi, na skladištu, raspoloživo, "
        "skladem, na skladě, dostupné, ano, ihned k odeslání, poslední kusy, skladom, na sklade, áno, dostupný, "
        "ihneď, "
        "dostępny, dostępna, dostępne, w magazynie, na stanie, tak, mało, dużo, ostatnie sztuki, wysyłka 24h, "
        "sandėlyje, yra sandėlyje, turime, taip, ir noliktavā, pieejams, noliktavā, jā, laos, laos olemas, "
        "saadaval, jah",
        # Finnish, Hungarian, Greek, Turkish, Albanian, Maltese, Irish
        "varastossa, saatavilla, heti saatavilla, kyllä, raktáron, készleten, elérhető, azonnal szállítható, igen, "
        "kapható, kevés van raktáron, "
        "διαθέσιμο, σε απόθεμα, άμεσα διαθέσιμο, ετοιμοπαράδοτο, ναι, σε στοκ, διαθέσιμα, "
        "stokta, stokta var, mevcut, var, evet, stokta mevcut, hemen teslim, sınırlı stok, ne gjendje, në stok, "
        "disponibbli, ar fáil",
        # Chinese, Japanese, Korean, Vietnamese, Thai, Indonesian, Malay, Filipino
        "有货, 有貨, 现货, 現貨, 有库存, 有庫存, 有现货, 库存充足, 库存紧张, 在庫, 是, 可购买, 現貨供應, 尚有庫存, "
        "在庫あり, 在庫有り, 在庫有, 在庫わずか, 残りわずか, 残り僅か, 即納, 即日発送, 販売中, あり, 在庫豊富, はい, "
        "재고 있음, 재고있음, 판매중, 구매가능, 구매 가능, 있음, 품절임박, 재고 충분, 예, "
        "còn hàng, có sẵn, sẵn hàng, có hàng, sắp hết hàng, "
        "มีสินค้า, มีสต็อก, พร้อมส่ง, สินค้าพร้อมส่ง, มีของ, เหลือน้อย, "
        "tersedia, ada, stok tersedia, ada stok, ready stock, ready, stok terbatas, dalam stok, siap kirim, ya, "
        "may stock, available pa, mayroon",
        # Arabic, Hebrew, Persian, Hindi, Bengali, Urdu
        "متوفر, متاح, متوفر في المخزون, في المخزون, متوفرة, نعم, موجود, موجود است, "
        "במלאי, זמין, זמין במלאי, כן, קיים במלאי, "
        "उपलब्ध, स्टॉक में, स्टॉक में है, हाँ, স্টকে আছে, পাওয়া যাচ্ছে, دستیاب",
    ),
    Availability.OUT_OF_STOCK: (
        "red, rot, rouge, rojo, ended, closed, inactive, inaktiv, expired, back in stock on, back in stock soon, "
        "wieder lieferbar ab, wieder verfügbar ab, de nouveau disponible, "
        "अनुपलब्ध, স্টক নেই, ناموجود, ",
        "out of stock, outofstock, oos, sold out, soldout, unavailable, not available, not in stock, no stock, "
        "no longer in stock, temporarily unavailable, temporarily out of stock, currently unavailable, "
        "currently sold "
        "out, not on stock, nostock, out, empty, none in stock, none left, mark as sold, sold, pending, "
        "not for sale, not purchasable, not buyable, stock out, disabled, exhausted, out of season, coming back, "
        "restocking, reserved, false, no, n, f, off, none, nil, zero, instock false, notify me",
        "nicht auf lager, ausverkauft, vergriffen, nicht verfügbar, nicht lieferbar, nicht vorrätig, nein, "
        "zurzeit nicht verfügbar, derzeit nicht lieferbar, momentan nicht verfügbar, nicht am lager, kein bestand, "
        "nicht mehr auf lager, "
        "niet op voorraad, uitverkocht, niet leverbaar, niet beschikbaar, nee, niet voorradig, "
        "tijdelijk uitverkocht, "
        "ikke på lager, utsolgt, udsolgt, ikke tilgjengelig, ikke tilgængelig, nej, nei, ikke på lagret, "
        "slut i lager, slutsåld, ej i lager, inte i lager, slut, tillfälligt slut, inte tillgänglig, "
        "finns inte i lager, uppselt, ekki til, ekki á lager",
        "rupture, rupture de stock, en rupture, en rupture de stock, épuisé, indisponible, non disponible, non, "
        "hors stock, pas en stock, plus en stock, victime de son succès, "
        "esaurito, non disponibile, terminato, fuori stock, indisponibile, temporaneamente esaurito, "
        "non in magazzino, non in stock, "
        "agotado, agotada, sin stock, sin existencias, no disponible, fuera de stock, sin inventario, "
        "no hay stock, no en stock, sin disponibilidad, no hay existencias, agotados, esgotat, sense estoc, "
        "esgotado, esgotada, indisponível, indisponivel, sem stock, sem estoque, fora de estoque, não disponível, "
        "não, nao, fora de stock, sem disponibilidade, não em estoque, sem unidades, "
        "stoc epuizat, indisponibil, nu este în stoc, epuizat, fără stoc, nu, nu e în stoc, stoc zero",
        "нет в наличии, нет на складе, распродано, отсутствует, закончился, закончилось, продано, нет, недоступно, "
        "недоступен, временно отсутствует, товар закончился, не в наличии, нету, "
        "изчерпан, изчерпано, няма наличност, не е наличен, не е в наличност, не, продадено, няма в наличност, "
        "немає в наявності, відсутній, продано, ні, немає на складі, закінчився, немає, "
        "нема на стању, распродато, није доступно, нема на залиха, "
        "nema na stanju, nema na lageru, rasprodato, rasprodano, nedostupno, nije dostupno, nije na stanju, ni na "
        "zalogi, ni zaloge, razprodano, ne, nije raspoloživo, nema na zalihi, "
        "vyprodáno, není skladem, nedostupné, nie je skladom, vypredané, nie je na sklade, momentálně nedostupné, "
        "momentálne nedostupné, není na skladě, nedostupný, vypredaný, nie, dočasně nedostupné, nie je dostupné, "
        "niedostępny, niedostępna, niedostępne, brak, brak w magazynie, wyprzedany, wyprzedane, brak towaru, "
        "brak na stanie, chwilowo niedostępny, nie ma, "
        "išparduota, nėra, nėra sandėlyje, neturime, nav noliktavā, izpārdots, nē, nav pieejams, laost otsas, "
        "läbi müüdud, ei ole laos, pole saadaval, otsas",
        "loppu, loppuunmyyty, ei varastossa, ei saatavilla, tilapäisesti loppu, loppu varastosta, ei ole varastossa, "
        "elfogyott, nincs raktáron, nincs készleten, nem elérhető, nem, jelenleg nem elérhető, nem kapható, nincs, "
        "εξαντλήθηκε, μη διαθέσιμο, εξαντλημένο, δεν υπάρχει, όχι, δεν είναι διαθέσιμο, εκτός αποθέματος, "
        "εξαντλημένα, "
        "tükendi, stokta yok, yok, hayır, mevcut değil, stok yok, tükenmiş, geçici olarak tükendi, stokta değil, "
        "jashtë stokut, nuk ka",
        "缺货, 缺貨, 无货, 無貨, 售罄, 售完, 已售罄, 已售完, 无库存, 無庫存, 卖完, 暂时缺货, 暫時缺貨, 断货, 否, "
        "没货, 没有库存, 没有货, 無現貨, 无现货, "
        "補貨中, 补货中, 到货通知, 暂无库存, 已下架, "
        "在庫なし, 在庫無し, 在庫無, 品切れ, 売り切れ, 売切れ, 完売, 欠品, 在庫切れ, なし, 入荷待ち, SOLD OUT, "
        "品切, 販売終了中, いいえ, "
        "一時的に在庫切れ, "
        "품절, 재고 없음, 재고없음, 매진, 일시품절, 일시 품절, 없음, 판매중지, 판매 중지, 아니요, 구매불가, "
        "hết hàng, tạm hết hàng, không có sẵn, không còn hàng, "
        "สินค้าหมด, หมด, ไม่มีสินค้า, ของหมด, สินค้าหมดชั่วคราว, ไม่มีสต็อก, "
        "habis, stok habis, tidak tersedia, kosong, stok kosong, kehabisan stok, tidak ada, tiada stok, "
        "habis terjual, "
        "tidak, tiada, kehabisan, walang stock, ubos na, wala",
        "غير متوفر, نفد, نفدت الكمية, غير متاح, نفد من المخزون, نفذت الكمية, غير متوفر في المخزون, لا, ناموجود, "
        "אזל, אזל מהמלאי, לא במלאי, לא זמין, חסר במלאי, לא, אזל המלאי, "
        "उपलब्ध नहीं, स्टॉक में नहीं, स्टॉक खत्म, नहीं, বিক্রি শেষ, স্টকে নেই, نہیں",
    ),
    Availability.PREORDER: (
        "available from, available on, available starting, releases on, release date, released on, coming, arrives on, "
        "arriving, ships on, in stock from, in stock on, erscheint, erscheint am, verfügbar ab, lieferbar ab, "
        "erhältlich ab, leverbaar vanaf, verwacht op, beschikbaar vanaf, disponible le, disponible à partir, "
        "disponible "
        "dès le, parution, sortie le, prevendita, disponibile dal, disponibile da, in uscita, disponible desde, "
        "disponible a partir, disponível a partir, lançamento, disponível em breve, förhandsboka, släpps, "
        "tillgänglig från, udkommer, utkommer, julkaistaan, tulossa myyntiin, dostępny od, dostępne od, premiera, "
        "dostupné od, vyjde, megjelenik, kapható lesz, disponibil din, в продаже с, выход, доступно с, çıkış tarihi, "
        "発売日, 発売前, 出荷予定, 预计到货, 发售, 上市, 출시일, ",
        "preorder, pre order, presale, pre sale, coming soon, soon, available soon, upcoming, not yet released, "
        "not yet available, to be released, release pending, advance order, notyetavailable",
        "vorbestellung, vorbestellbar, vorbestellen, demnächst, bald verfügbar, demnächst verfügbar, "
        "demnächst lieferbar, pre orderen, binnenkort, binnenkort verkrijgbaar, binnenkort leverbaar, "
        "vooruitbestelling, "
        "forudbestilling, kommer snart, forhåndsbestilling, snart på lager, förbeställning, förhandsbokning, "
        "förbeställ, forpöntun, væntanlegt",
        "précommande, bientôt disponible, à venir, en précommande, pré commande, "
        "preordine, prossimamente, in arrivo, prenotabile, in prevendita, prossima uscita, preordina, "
        "preventa, pre venta, próximamente, en preventa, reserva, pre pedido, "
        "pré venda, pré encomenda, em breve, brevemente, em pré venda, precomandă, în curând, precomanda",
        "предзаказ, скоро в продаже, скоро, ожидается, ожидается поступление, под предзаказ, предварителна поръчка, "
        "очаквайте скоро, очаквано, предзамовлення, передзамовлення, очікується, незабаром, скоро у продажу, "
        "prednarudžba, prednaročilo, uskoro, kmalu, prednarudžbina, předobjednávka, již brzy, připravujeme, "
        "očekáváme, "
        "predobjednávka, čoskoro, očakávame, pripravujeme, przedsprzedaż, wkrótce, zapowiedź, niebawem, "
        "išankstinis užsakymas, netrukus, priekšpasūtījums, drīzumā, ettetellimine, peagi, peagi saadaval",
        "ennakkotilaus, tulossa, ennakkotilattavissa, előrendelés, előrendelhető, hamarosan, hamarosan érkezik, "
        "προπαραγγελία, προσεχώς, σύντομα διαθέσιμο, αναμένεται, ön sipariş, önsipariş, yakında, çok yakında, "
        "së shpejti",
        "预售, 預售, 预购, 預購, 即将上市, 即將上市, 敬请期待, 預訂中, 預約, "
        "予約, 予約受付中, 予約販売, 予約商品, 近日発売, 発売予定, 近日公開, "
        "예약판매, 예약 판매, 예약주문, 출시예정, 출시 예정, 예약, 입고예정, "
        "đặt trước, sắp có hàng, sắp ra mắt, พรีออเดอร์, สั่งจองล่วงหน้า, เร็วๆ นี้, เปิดจอง, "
        "pre order, segera hadir, prapesan, segera datang, akan datang, praorder",
        "طلب مسبق, قريبا, قريبًا, הזמנה מוקדמת, בקרוב, पूर्व आदेश, जल्द आ रहा है",
    ),
    Availability.BACKORDER: (
        "nachbestellung, nachlieferbar, nachlieferung, in nachlieferung, rückstand, im rückstand, en attente, "
        "à la demande, nalevering, restorder, med restorder, jälkitoimitus, na doobjednání, ",
        "backorder, back order, onbackorder, on backorder, on back order, back ordered, backordered, available for "
        "order, available to order, available on order, available on request, on demand, on order, on request, "
        "made to order, order only, special order, to order, can be ordered, drop ship, dropship, supplier stock, "
        "print on demand, custom order, upon request, by order, notify",
        "auf bestellung, bestellbar, nachbestellt, auf anfrage, wird nachbestellt, im zulauf, wird bestellt, "
        "lieferbar auf bestellung, fertigung auf bestellung, wird für sie bestellt, "
        "op bestelling, nabestelling, in backorder, in bestelling, bestelbaar, op aanvraag, "
        "bestillingsvare, restordre, kan bestilles, skaffevare, i restordre, på restordre, beställningsvara, "
        "kan beställas, på beställning, restnoterad, beställningsbar, sérpöntun",
        "sur commande, disponible sur commande, en réapprovisionnement, réapprovisionnement en cours, sur demande, "
        "en cours de réapprovisionnement, "
        "su ordinazione, ordinabile, su richiesta, in riordino, su ordine, ordinabile su richiesta, "
        "bajo pedido, por encargo, sobre pedido, a pedido, por pedido, bajo demanda, por encomienda, "
        "sob encomenda, por encomenda, sob consulta, sob pedido, sob demanda, "
        "la comandă, la cerere, pe comandă, în aprovizionare, precomandat",
        "под заказ, на заказ, по запросу, доступно под заказ, в пути, заказ, по поръчка, с поръчка, "
        "під замовлення, на замовлення, в дорозі, по наруџби, "
        "po narudžbi, po naročilu, po porudžbini, dostupno po narudžbi, na objednávku, k objednání, na objednanie, "
        "na dotaz, u dodavatele, u dodávateľa, na zamówienie, dostępny na zamówienie, na zapytanie, do zamówienia, "
        "pagal užsakymą, užsakoma, uz pasūtījumu, pasūtāms, tellimisel, tellimusel, tellitav",
        "tilaustuote, tilattavissa, tilauksesta, rendelésre, rendelhető, megrendelésre, "
        "κατόπιν παραγγελίας, παραγγελία, με παραγγελία, sipariş üzerine, siparişe göre, tedarik edilebilir, "
        "sipariş ile",
        "订货, 訂貨, 可订购, 可訂購, 接单生产, 按需定制, 需预订, 可預訂, "
        "取り寄せ, お取り寄せ, お取寄せ, 受注生産, 取寄せ, 取寄, 受注, "
        "주문제작, 주문 제작, 입고 대기, 주문가능, 주문 가능, "
        "đặt hàng, hàng đặt, สั่งผลิต, สั่งซื้อล่วงหน้า, sesuai pesanan, inden, dipesan",
        "حسب الطلب, عند الطلب, בהזמנה, בהזמנה מיוחדת, ऑर्डर पर",
    ),
    Availability.DISCONTINUED: (
        "auslaufartikel, auslaufmodell, discontinué, discontinue, fin de série, fine serie, fin de vie, phased out, "
        "phase out, 廃番, 絶番, 생산중단, 생산 중단, ",
        "discontinued, retired, end of life, eol, no longer available, no longer sold, no longer produced, obsolete, "
        "withdrawn, delisted",
        "auslaufartikel ausverkauft, nicht mehr lieferbar, nicht mehr verfügbar, eingestellt, abgekündigt, "
        "niet meer leverbaar, uit assortiment, uit productie, niet meer verkrijgbaar, udgået, utgått, utgåtts, har "
        "utgått",
        "arrêté, plus disponible, fin de série épuisée, abandonné, plus commercialisé, produit arrêté, "
        "fuori produzione, fuori catalogo, non più disponibile, "
        "descatalogado, descontinuado, discontinuado, fuera de catálogo, ya no disponible, "
        "fora de linha, fora de catálogo, descontinuada, scos din producție, retras",
        "снят с производства, снято с производства, больше не продается, архив, спрян от производство, "
        "знято з виробництва, знятий з виробництва, prodej ukončen, ukončená výroba, ukončený predaj, "
        "výroba ukončena, "
        "wycofany, wycofane, wycofany z oferty, wycofana, nebegaminama, ukinuto, ni več v prodaji",
        "poistunut, poistunut valikoimasta, kifutott, megszűnt, καταργήθηκε, διακόπηκε, üretimden kalktı, "
        "üretimi durduruldu",
        "停产, 停產, 已停产, 下架, 停售, 絶版, 廃盤, 生産終了, 販売終了, 製造終了, 取扱終了, 단종, 단종됨, "
        "판매종료, 판매 종료, "
        "ngừng kinh doanh, ngừng sản xuất, เลิกผลิต, เลิกจำหน่าย, dihentikan, tidak diproduksi lagi, "
        "توقف الإنتاج, הופסק, بند کر دیا گیا",
    ),
}  # codespell:ignore
"""What each availability is called: phrases between commas, a family of languages a line."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


UNITS = _words(
    "x pc pcs pce piece pieces unit units item items ea each pair pairs left in stock instock available stk stck "
    "stück "
    "stueck st stuks stuk styck pz pzas pieza piezas ud uds unidad unidades u un und unid unidade unidades pce pièce "
    "pièces unité unités pezzi pezzo szt sztuk sztuki sztuka ks kus kusy kusů kom komada kosov kos db darab kpl "
    "kappale "
    "buc bucăți bucati шт штук штука штуки бр броя од adet tane cái chiếc ชิ้น buah 件 个 個 点 台 枚 本 개 점 "
    "ou oder o plus más mais restants disponibles disponibili disponíveis dostupno lager auf på op voorraad en "
    "em stock na skladě skladem "
    "magazynie w в наличии на складе vorrätig verfügbar remaining only or more and pièces gab tk vnt stück st"
)
"""Words beside a count that leave it one."""
LABELS = _words(
    "stock stocks qty quantity inventory level count balance total left last remaining still hurry almost order soon "
    "bestand menge anzahl lagerbestand lager lagermenge noch verfügbare übrig stückzahl quantité restant reste il plus "
    "que restantes quedan queda últimas últimos ultimas ultimos solo sólo existencias cantidad disponibles "
    "restam resta "
    "apenas quantidade estoque rimasto rimasti rimangono ultimi ultime ne restano quantità giacenza ou o oder "
    "aantal voorraad antal antall beholdning saldo lagersaldo kvar igen tilbage varasto jäljellä ilość stan "
    "zostało zapas "
    "zbývá zbývají množství sklad zostáva maradt készlet stoc rămase cantitate осталось остаток остатки остался "
    "количество кол кол-во склад запас доступно залишилось залишок кількість остават količina stanje stok adet kaldı "
    "kalan απόθεμα ποσότητα μένουν 库存 数量 剩余 仅剩 在庫 在庫数 残り 재고 수량 남음 "
    "tồn kho số lượng còn คงเหลือ เหลือ "
    "stok jumlah sisa المخزون الكمية متبقي מלאי כמות נותרו is of the we have in on"
)
"""Words before a count that say that it is one of stock: "Bestand: 5"."""
NOT_WORDS = _words(
    "not no isn non nicht kein keine niet geen ikke inte ej ekki pas sin nao sem senza fara нет не нема "
    "немає немае няма ne nema neni nie brak nav nera ei pole nincs nem δεν μη yok degil tidak bukan không "
    "khong"
)
"""Words that deny what follows, as `_plain` writes them."""
