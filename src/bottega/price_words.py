"""Words that stand beside a price on tags and in exports, in the languages of shops; `prices.py` reads them."""

from __future__ import annotations

__all__ = ["CENT_WORDS", "FREE_WORDS", "FROM_WORDS", "NOISE_WORDS", "ONWARDS", "PER_WORDS", "TAX_SIGNS", "TO_WORDS"]


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


NOISE_WORDS = _words(
    # what it is
    "price, regular price, sale price, special price, our price, list price, current price, unit price, price is, "
    "current price is, only, now, just, today, approx, about, ca, circa, mrp, m.r.p, rrp, msrp, uvp, srp, "
    "preis, unser preis, nur, jetzt, prix, seulement, precio, solo, sólo, ahora, preço, apenas, agora, por apenas, "
    "prezzo, adesso, prijs, nu, pris, hinta, cena, tylko, teraz, jen, nyní, цена, только, сейчас, ціна, fiyat, "
    "fiyatı, fiat, harga, giá, ราคา, السعر, מחיר, pvp, "
    # with or without tax
    "excl, exclusive, excluding, incl, inclusive, including, inkl, inklusive, exkl, exklusive, ex, plus, zzgl, inc, "
    "with, without, vat, tax, taxes, sales tax, mwst, ust, mehrwertsteuer, steuer, ttc, ht, tva, hors taxe, "
    "hors taxes, toutes taxes comprises, iva, iva incl, iva incluido, iva incluida, iva inclusa, más iva, gst, btw, "
    "moms, mva, dph, s dph, bez dph, áfa, afa, bruttó, nettó, z vat, bez vat, vat in, brutto, netto, bruto, neto, "
    "gross, net, nett, ндс, с ндс, без ндс, пдв, з пдв, без пдв, pdv, kdv, kdv dahil, kdv hariç, φπα, με φπα, "
    "versand, versandkosten, shipping, ppn, "
    # for how much
    "each, ea, pc, pcs, piece, pieces, unit, stück, stk, st, szt, ks, kpl, kom, шт, за шт, db, ud, un, buc"
)
"""Change nothing of a price."""

PER_WORDS = _words("per, pro, je, por, par, za, pr, på, la, le, за, a")
"""Before what a price is for: 12 € per pair."""

TAX_SIGNS = _words(
    "税込み, 税込, 税抜き, 税抜, 税别, 税別, 含税, 不含税, 未税, 未稅, 含稅, 送料無料, 送料込, 包邮, 부가세포함, "
    "부가세별도, VAT포함"
)
"""The same in scripts that leave no blanks."""

FREE_WORDS = frozenset(
    _words(
        "free, for free, free of charge, complimentary, gratis, kostenlos, umsonst, kostenfrei, gratuit, gratuite, "
        "offert, grátis, gratuito, gratuita, gratuïet, ilmainen, maksuton, za darmo, darmowe, bezpłatnie, "
        "bezpłatny, zdarma, zadarmo, ingyenes, ingyen, gratuit, бесплатно, бесплатный, безкоштовно, безплатно, "
        "besplatno, brezplačno, ücretsiz, bedava, δωρεάν, 無料, 免费, 免費, 무료, miễn phí, ฟรี, percuma, مجاني, "
        "مجانا, חינם, मुफ्त, nemokamai, bezmaksas, tasuta"
    )
)
"""It costs nothing."""

CENT_WORDS: dict[str, str] = {
    "¢": "", "cent": "", "cents": "", "ct": "", "cts": "", "p": "GBP", "pence": "GBP", "penny": "GBP",
}  # fmt: skip
"""Hundredths, of which currency ("": of the shop's)."""

FROM_WORDS = _words(
    "from, starting at, starting from, starts at, as low as, min, ab, von, à partir de, dès, a partir de, desde, da, "
    "a partire da, от, від, od, już od, vanaf, fra, från, alkaen, alk, de la, începând de la, από, mulai, "
    "mulai dari, つき, başlayan, từ, เริ่มต้น, ابتداء من, החל מ"
)

ONWARDS = r"\+(?!\s*(?:vat|tax|iva|gst|mwst|tva|btw|moms|dph|ндс|shipping|versand))|起|から|～|~|-tól|-től|"
ONWARDS += r"and up|& up|and above|onwards|dan başlayan|'den başlayan|부터"
"""Behind a price that is the lowest of several."""

TO_WORDS = _words("to, bis, do, au, a, à, do, hasta, till, til, tot, до, alla, al, ate, até, through, and, und, và")
