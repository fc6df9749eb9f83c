"""What currencies are called: the codes of ISO 4217, codes of the past, and the signs and words of price tags."""

from __future__ import annotations

from decimal import Decimal

__all__ = ["CURRENCIES", "OLD_CODES", "SHARED_SIGNS", "SIGNS", "UNIT_IS_SMALL", "exponent"]


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


CURRENCIES = _codes(
    """AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
    CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG
    HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD
    MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF
    SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS
    VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZMW ZWG"""
    " ZAR"  # codespell:ignore
)
"""Active codes of ISO 4217, without metals, funds and test codes."""

_NO_DECIMALS = _codes("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF")
_THREE_DECIMALS = _codes("BHD IQD JOD KWD LYD OMR TND")
_FOUR_DECIMALS = frozenset({"CLF"})
UNIT_IS_SMALL = _codes(
    """AFN ALL AMD ARS CDF COP CRC DZD HUF IDR IRR JMD KES KHR KZT LAK LBP LKR MGA MMK MNT MWK NGN PKR RSD RUB SDG
    SLE SOS SSP SYP TRY TZS UYU UZS VES YER"""
)
"""Where one unit buys next to nothing: nobody writes thousandths of it, so "10.000" is ten thousand."""

OLD_CODES: dict[str, tuple[str, Decimal]] = {
    "RUR": ("RUB", Decimal(1)), "BYR": ("BYN", Decimal(1)), "NIS": ("ILS", Decimal(1)), "RMB": ("CNY", Decimal(1)),
    "CNH": ("CNY", Decimal(1)), "NTD": ("TWD", Decimal(1)), "UKP": ("GBP", Decimal(1)), "GBX": ("GBP", Decimal(100)),
    "ATS": ("EUR", Decimal("13.7603")), "BEF": ("EUR", Decimal("40.3399")), "CYP": ("EUR", Decimal("0.585274")),
    "DEM": ("EUR", Decimal("1.95583")), "EEK": ("EUR", Decimal("15.6466")), "ESP": ("EUR", Decimal("166.386")),
    "FIM": ("EUR", Decimal("5.94573")), "FRF": ("EUR", Decimal("6.55957")), "GRD": ("EUR", Decimal("340.75")),
    "HRK": ("EUR", Decimal("7.5345")), "IEP": ("EUR", Decimal("0.787564")), "ITL": ("EUR", Decimal("1936.27")),
    "LTL": ("EUR", Decimal("3.4528")), "LUF": ("EUR", Decimal("40.3399")), "LVL": ("EUR", Decimal("0.702804")),
    "MTL": ("EUR", Decimal("0.4293")), "NLG": ("EUR", Decimal("2.20371")), "PTE": ("EUR", Decimal("200.482")),
    "SIT": ("EUR", Decimal("239.64")), "SKK": ("EUR", Decimal("30.126")),
}  # fmt: skip
"""Code that is no longer one, or never was, to the code of today and how many of the old make one of the new. Yandex
writes RUR and BYR for the roubles of today; what joined the euro did so at a rate fixed by law."""

SIGNS: dict[str, str] = {
    # signs
    "€": "EUR", "£": "GBP", "₩": "KRW", "₹": "INR", "₽": "RUB", "₺": "TRY", "₫": "VND", "₴": "UAH", "₪": "ILS",
    "₱": "PHP", "฿": "THB", "₦": "NGN", "₸": "KZT", "₾": "GEL", "֏": "AMD", "₼": "AZN", "₭": "LAK", "₮": "MNT",
    "৳": "BDT", "₵": "GHS", "₡": "CRC", "₲": "PYG", "៛": "KHR", "؋": "AFN", "⃀": "KGS", "₠": "EUR", "￥": "JPY",
    # a sign with letters before it
    "us$": "USD", "u$s": "USD", "u$d": "USD", "usa$": "USD", "r$": "BRL", "a$": "AUD", "au$": "AUD", "c$": "CAD",
    "ca$": "CAD", "can$": "CAD", "hk$": "HKD", "nz$": "NZD", "s$": "SGD", "sg$": "SGD", "nt$": "TWD", "nt": "TWD",
    "mx$": "MXN", "mex$": "MXN", "ar$": "ARS", "cl$": "CLP", "co$": "COP", "col$": "COP", "$u": "UYU", "uy$": "UYU",
    "rd$": "DOP", "j$": "JMD", "tt$": "TTD", "bz$": "BZD", "n$": "NAD", "fj$": "FJD", "b/": "PAB", "s/": "PEN",
    "bs": "BOB", "bs/": "BOB", "cn¥": "CNY", "jp¥": "JPY", "e£": "EGP", "ec$": "XCD", "$b": "BOB", "mop$": "MOP",
    # words of price tags
    "euro": "EUR", "euros": "EUR", "euro's": "EUR", "eur€": "EUR", "€ur": "EUR",
    "евро": "EUR", "ευρώ": "EUR", "dollar": "USD", "dollars": "USD", "долл": "USD",
    "доллар": "USD", "usdollar": "USD", "usdollars": "USD", "pound": "GBP", "pounds": "GBP", "quid": "GBP",
    "rp": "IDR", "rupiah": "IDR", "r": "ZAR", "rand": "ZAR", "rm": "MYR", "ringgit": "MYR",  # codespell:ignore
    "лв": "BGN", "lv": "BGN", "лева": "BGN", "руб": "RUB", "р": "RUB", "рублей": "RUB", "рубля": "RUB", "рубль": "RUB",
    "rub": "RUB", "rubles": "RUB", "грн": "UAH", "гривень": "UAH", "гривен": "UAH", "uah": "UAH", "бр": "BYN",
    "тг": "KZT", "тенге": "KZT", "сум": "UZS", "сом": "KGS", "лей": "MDL", "лари": "GEL", "дин": "RSD", "din": "RSD",
    "динара": "RSD", "ден": "MKD", "km": "BAM", "zł": "PLN", "zl": "PLN", "złotych": "PLN", "zloty": "PLN",
    "kč": "CZK", "kc": "CZK", "korun": "CZK", "ft": "HUF", "forint": "HUF", "lei": "RON", "leu": "RON", "ron": "RON",
    "fr": "CHF", "sfr": "CHF", "franken": "CHF", "tl": "TRY", "lira": "TRY", "円": "JPY", "yen": "JPY", "元": "CNY",
    "人民币": "CNY", "yuan": "CNY", "块": "CNY", "圓": "TWD", "원": "KRW", "won": "KRW", "บาท": "THB", "baht": "THB",
    "đ": "VND", "vnđ": "VND", "đồng": "VND", "dong": "VND", "rs": "INR", "re": "INR", "rupees": "INR", "रु": "INR",
    "රු": "LKR", "рупий": "INR", "tk": "BDT", "taka": "BDT", "ksh": "KES", "kshs": "KES", "tsh": "TZS",
    "ush": "UGX", "naira": "NGN", "gh₵": "GHS",
    "ghc": "GHS", "birr": "ETB", "q": "GTQ", "quetzales": "GTQ", "soles": "PEN", "reais": "BRL", "reales": "BRL",
    "₪nis": "ILS", "שח": "ILS", "ש״ח": "ILS", 'ש"ח': "ILS", "دإ": "AED", "درهم": "AED", "dhs": "AED", "aed": "AED",
    "رس": "SAR", "ريال": "SAR", "sr": "SAR", "جم": "EGP", "جنيه": "EGP", "le": "EGP", "egp": "EGP", "دم": "MAD",
    "دك": "KWD", "kd": "KWD", "بد": "BHD", "bd": "BHD", "رع": "OMR", "رق": "QAR", "qr": "QAR", "دج": "DZD",
    "da": "DZD", "دت": "TND", "dt": "TND", "تومان": "IRR", "cfa": "XOF", "fcfa": "XOF", "fcfp": "XPF",
}  # fmt: skip
"""A sign or word to the one currency that it means; in small letters, without blanks and full stops."""

SHARED_SIGNS: dict[str, tuple[str, str]] = {
    "$": ("USD", "AUD CAD NZD HKD SGD TWD MXN ARS CLP COP UYU BBD BSD BZD FJD GYD JMD LRD NAD TTD XCD DOP NIO"),
    "¥": ("JPY", "CNY"),
    "kr": ("", "SEK NOK DKK ISK"),
    "₨": ("INR", "PKR LKR NPR MUR SCR"),
    "rs": ("INR", "PKR LKR NPR MUR SCR"),
    "£": ("GBP", "EGP LBP SYP GIP FKP SHP SDG SSP"),
    "fr": ("CHF", "XOF XAF XPF KMF DJF GNF RWF BIF CDF"),
    "dollar": ("USD", "AUD CAD NZD HKD SGD TWD"),
    "dollars": ("USD", "AUD CAD NZD HKD SGD TWD"),
    "peso": ("", "MXN ARS CLP COP UYU PHP DOP CUP"),
    "pesos": ("", "MXN ARS CLP COP UYU PHP DOP CUP"),
    "dh": ("AED", "MAD"),
    "dhs": ("AED", "MAD"),
    "l": ("", "HNL MDL ALL LSL SZL"),
    "br": ("", "BYN ETB"),
    "﷼": ("IRR", "SAR OMR QAR YER"),
    "bs": ("BOB", "VES"),
    "元": ("CNY", "TWD HKD"),
    "圓": ("TWD", "HKD MOP"),
    "lei": ("RON", "MDL"),
    "c$": ("CAD", "NIO"),
    "rupees": ("INR", "PKR LKR NPR MUR SCR"),
}
"""A sign that means several: the shop's own currency decides among the second, else it is the first, if any."""


def exponent(currency: str) -> int:
    """Decimals of a currency: 2 for USD, 0 for JPY, 3 for KWD.

    >>> exponent("JPY"), exponent("USD"), exponent("KWD")
    (0, 2, 3)
    """
    if currency in _NO_DECIMALS:
        return 0
    if currency in _THREE_DECIMALS:
        return 3
    return 4 if currency in _FOUR_DECIMALS else 2
