# ruff: noqa: E501 (a table of texts; wrapped it would be longer, not clearer)
"""What the demo shop sells: for each department its category, prices, options, part in shoppers' lives and words.

`role` is the truth that models should find out. Durables are bought once, after which interest falls for the department
and rises for its complements. Consumables run out after `interval_days` and are bought again. Varieties (shirts, mugs,
plants ...) are bought now and then, rarely the same one twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["DEPARTMENTS", "DEPARTMENT_CODE", "BuyingRole", "Department"]


class BuyingRole(StrEnum):
    """How a department is bought."""

    DURABLE = "durable"
    VARIETY = "variety"
    CONSUMABLE = "consumable"


@dataclass(frozen=True, slots=True)
class Department:
    """One leaf of the category tree, and one way of drawing."""

    key: str
    """Name of its drawing."""
    category: tuple[str, ...]
    code: str
    noun: str
    plural: str
    role: BuyingRole
    price_minor: tuple[int, int]
    family: str
    """Which brands make it: wear, home, tech, pantry or care."""
    complements: tuple[str, ...]
    """Departments whose things go with this one, strongest first."""
    materials: tuple[str, ...]
    title: str
    openings: tuple[str, ...]
    interval_days: float = 0.0
    weight: float = 1.0
    """Share of the catalogue."""
    demand: float = 1.0
    """How often shoppers come for it."""
    season: tuple[float, float] = (1.0, 1.0)
    """Demand at the first and the last day."""
    patterns: tuple[str, ...] = ()
    """The only patterns it comes in; empty for those of the style."""
    colours: tuple[str, ...] = ()
    """The only main colours it comes in; empty for those of the style."""
    sizes: tuple[str, ...] = ()
    genders: tuple[str, ...] = ("",)
    options: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Further attributes and their values."""


_ALL = ("women", "men", "unisex")
_LETTERS = ("S", "M", "L", "XL")
_FEET = ("38", "40", "42", "44")
_DENIM = ("navy", "charcoal", "sky", "black", "cream", "cobalt", "grey")
_SCENTS = ("Cedar", "Lavender", "Fig leaf", "Sea salt", "Orange blossom", "Vetiver", "Rosemary", "Rose")
_CALM = ("plain", "pinstriped", "checked", "tartan", "striped")

DEPARTMENTS: tuple[Department, ...] = (
    Department(
        "tshirt", ("Clothing", "Tops", "T-shirts"), "TSH", "T-shirt", "T-shirts", BuyingRole.VARIETY, (1490, 3900), "wear",
        ("jeans", "sneakers"), ("organic cotton", "cotton", "cotton-linen"),
        "{name} {look}{noun} in {colour}",
        ("A {adjective} T-shirt cut from mid-weight {material}.", "The T-shirt we reach for most: {adjective}, soft and made of {material}."),
        weight=1.5, demand=1.5, season=(1.6, 0.7), sizes=_LETTERS, genders=_ALL,
        options=(("neckline", ("crew neck", "crew neck", "v-neck")), ("sleeves", ("short sleeves", "short sleeves", "long sleeves"))),
    ),
    Department(
        "shirt", ("Clothing", "Tops", "Shirts"), "SHI", "shirt", "shirts", BuyingRole.VARIETY, (3490, 8900), "wear",
        ("trousers", "boots"), ("linen", "cotton poplin", "brushed cotton"),
        "{name} {look}{material} {noun}, {colour}",
        ("A {adjective} shirt in {material}, with a soft collar and a chest pocket.", "Made of {material} and easy to wear open or buttoned up."),
        weight=1.2, demand=1.1, season=(1.2, 0.9), sizes=_LETTERS, genders=_ALL,
        options=(("sleeves", ("long sleeves", "long sleeves", "short sleeves")),),
    ),
    Department(
        "sweater", ("Clothing", "Tops", "Sweaters"), "SWE", "sweater", "sweaters", BuyingRole.VARIETY, (4990, 12900), "wear",
        ("jeans", "boots"), ("lambswool", "merino wool", "chunky cotton"),
        "{name} {look}{material} {noun} in {colour}",
        ("A {adjective} sweater knitted in {material}, ribbed at cuffs and hem.", "Warm without weight: {material}, a relaxed body and deep ribs."),
        weight=1.0, demand=1.0, season=(0.4, 1.9), sizes=_LETTERS, genders=_ALL,
        patterns=("plain", "striped", "checked", "geometric", "chevron", "dotted", "colour-block", "tartan"),
        options=(("neckline", ("crew neck", "crew neck", "roll neck")),),
    ),
    Department(
        "dress", ("Clothing", "Dresses"), "DRE", "dress", "dresses", BuyingRole.VARIETY, (4990, 13900), "wear",
        ("tote", "boots"), ("viscose", "linen", "cotton voile"),
        "{name} {look}{length} {noun} in {colour}",
        ("A {adjective} dress in {material} with a tied waist and a skirt that moves.", "Light {material}, a defined waist, and pockets in the side seams."),
        weight=1.1, demand=1.0, season=(1.6, 0.7), sizes=_LETTERS, genders=("women",),
        options=(("sleeves", ("short sleeves", "straps")), ("length", ("midi", "knee-length"))),
    ),
    Department(
        "trousers", ("Clothing", "Bottoms", "Trousers"), "TRO", "trousers", "trousers", BuyingRole.VARIETY, (4490, 9900), "wear",
        ("shirt", "boots"), ("cotton twill", "wool blend", "linen"),
        "{name} {look}{fit} {noun} in {colour}",
        ("Trousers in {material} with a {adjective} line and a comfortable waist.", "A {fit} pair in {material} that works on weekdays and weekends."),
        weight=0.9, demand=0.8, sizes=_LETTERS, genders=_ALL, patterns=_CALM,
        options=(("fit", ("wide leg", "tapered")),),
    ),
    Department(
        "jeans", ("Clothing", "Bottoms", "Jeans"), "JEA", "jeans", "jeans", BuyingRole.VARIETY, (5990, 11900), "wear",
        ("tshirt", "sneakers"), ("rigid denim", "stretch denim", "recycled denim"),
        "{name} {fit} {noun} in {colour} {material}",
        ("{Material}, contrast stitching and a {fit} cut.", "Jeans that keep their shape, in {material} with a {adjective} finish."),
        weight=0.8, demand=0.9, sizes=_LETTERS, genders=_ALL, patterns=("plain",), colours=_DENIM,
        options=(("fit", ("wide leg", "slim")),),
    ),
    Department(
        "socks", ("Clothing", "Socks"), "SOC", "socks", "socks", BuyingRole.CONSUMABLE, (690, 1690), "wear",
        ("sneakers",), ("combed cotton", "bamboo", "wool blend"),
        "{name} {look}{noun} in {colour}, {pack}",
        ("{Adjective} socks in {material} that stay up all day.", "Knitted in {material}, with a padded heel and a flat toe seam."),
        interval_days=48, weight=1.0, demand=0.9, season=(0.7, 1.5), genders=("unisex",),
        options=(("pack", ("single pair", "pack of 2", "pack of 3")),),
    ),
    Department(
        "sneakers", ("Shoes", "Sneakers"), "SNE", "sneakers", "sneakers", BuyingRole.DURABLE, (6490, 13900), "wear",
        ("socks", "jeans"), ("canvas", "suede", "recycled knit"),
        "{name} {look}{cut} {noun} in {colour}",
        ("{Adjective} sneakers in {material} on a natural rubber sole.", "A {cut} sneaker with a cushioned insole, made of {material}."),
        weight=1.1, demand=1.2, season=(1.2, 0.9), sizes=_FEET, genders=("unisex",),
        options=(("cut", ("low top", "high top")),),
    ),
    Department(
        "boots", ("Shoes", "Boots"), "BOO", "boots", "boots", BuyingRole.DURABLE, (9900, 19900), "wear",
        ("socks", "trousers"), ("full-grain leather", "suede", "vegan leather"),
        "{name} {cut} {noun} in {colour} {material}",
        ("{Adjective} boots in {material}, welted so that they can be resoled.", "Sturdy where it matters: {material}, a stitched sole and a pull tab."),
        weight=0.7, demand=0.7, season=(0.4, 1.8), sizes=_FEET, genders=("unisex",), patterns=("plain",),
        options=(("cut", ("chelsea", "lace-up")),),
    ),
    Department(
        "tote", ("Bags", "Tote bags"), "TOT", "tote bag", "tote bags", BuyingRole.DURABLE, (1990, 5900), "wear",
        ("tshirt", "dress"), ("heavy canvas", "organic cotton", "waxed canvas"),
        "{name} {look}{noun} in {colour} {material}",
        ("A {adjective} tote in {material}, big enough for a laptop and the market.", "Reinforced handles, an inner pocket and {material} that gets better with age."),
        weight=0.9, demand=0.8, options=(("closure", ("open", "zip", "snap")),),
    ),
    Department(
        "backpack", ("Bags", "Backpacks"), "BAC", "backpack", "backpacks", BuyingRole.DURABLE, (5900, 12900), "wear",
        ("headphones", "sneakers"), ("recycled nylon", "waxed canvas", "cotton canvas"),
        "{name} {look}{noun}, {volume}, {colour}",
        ("A {adjective} backpack in {material} with a padded laptop sleeve.", "{Material} outside, soft lining inside, and two straps that hold everything down."),
        weight=0.8, demand=0.7, season=(1.3, 0.9), options=(("volume", ("16 l", "20 l", "24 l")),),
    ),
    Department(
        "mug", ("Kitchen", "Mugs"), "MUG", "mug", "mugs", BuyingRole.VARIETY, (990, 2490), "home",
        ("coffee", "tea"), ("stoneware", "porcelain", "enamel"),
        "{name} {look}{noun} in {colour}",
        ("A {adjective} mug in {material} that sits well in the hand.", "{Material}, a generous handle, and a glaze that survives the dishwasher."),
        weight=1.2, demand=1.2, season=(0.8, 1.4), options=(("size", ("regular", "large")),),
    ),
    Department(
        "coffee_maker", ("Kitchen", "Coffee makers"), "COM", "coffee maker", "coffee makers", BuyingRole.DURABLE, (2900, 7900), "home",
        ("coffee", "mug"), ("aluminium", "stainless steel", "borosilicate glass"),
        "{name} {kind} {noun} in {colour}",
        ("A {adjective} {kind} for slow mornings.", "Good coffee without a machine: this {kind} needs only water, heat and beans."),
        weight=0.6, demand=0.7, patterns=("plain",), options=(("kind", ("moka pot", "pour-over")),),
    ),
    Department(
        "teapot", ("Kitchen", "Teapots"), "TEP", "teapot", "teapots", BuyingRole.DURABLE, (2900, 6900), "home",
        ("tea", "mug"), ("stoneware", "porcelain", "cast iron"),
        "{name} {look}{material} {noun} in {colour}",
        ("A {adjective} teapot in {material} that pours without a drip.", "Holds four cups, keeps them warm, and looks good doing it."),
        weight=0.6, demand=0.6, season=(0.7, 1.5), options=(("kind", ("loop handle", "cane handle")), ("capacity", ("0.8 l", "1.1 l"))),
    ),
    Department(
        "coffee", ("Pantry", "Coffee"), "COF", "coffee beans", "coffee", BuyingRole.CONSUMABLE, (890, 1890), "pantry",
        ("coffee_maker", "mug"), ("arabica", "arabica", "arabica-robusta blend"),
        "{origin} coffee beans, {roast} roast, {pack}",
        ("Whole beans from {origin}, roasted {roast} in small batches.", "{Origin} {material} with notes of {note}; roasted to order."),
        interval_days=21, weight=1.2, demand=1.5,
        options=(
            ("origin", ("Sidamo", "Kirinyaga", "Huila", "Antigua", "Tarrazu", "Cerrado", "Gayo", "Nyeri", "Yirgacheffe", "Narino")),
            ("roast", ("light", "medium", "dark")),
            ("pack", ("250 g", "500 g", "1 kg")),
            ("note", ("cocoa", "red berries", "toasted almond", "orange peel", "caramel", "jasmine")),
        ),
    ),
    Department(
        "tea", ("Pantry", "Tea"), "TEA", "tea", "tea", BuyingRole.CONSUMABLE, (590, 1690), "pantry",
        ("teapot", "mug"), ("black tea", "green tea", "herbal infusion"),
        "{blend} {format} tea, {pack}",
        ("{Blend}, a {material} with notes of {note}.", "A {adjective} {material}: {blend}, packed as {format}."),
        interval_days=30, weight=1.1, demand=1.1, season=(0.7, 1.6),
        options=(
            ("blend", ("Assam", "Earl Grey", "Sencha", "Chamomile", "Darjeeling", "Peppermint", "Rooibos", "Jasmine", "Lapsang", "Ginger")),
            ("format", ("bagged", "loose leaf")),
            ("pack", ("small", "large")),
            ("note", ("bergamot", "honey", "malt", "fresh grass", "smoke", "apricot")),
        ),
    ),
    Department(
        "phone", ("Electronics", "Phones"), "PHO", "phone", "phones", BuyingRole.DURABLE, (24900, 79900), "tech",
        ("phone_cover", "headphones"), ("glass and aluminium",),
        "{brand} {name} {noun}, {storage}, {colour}",
        ("A {adjective} phone with a bright screen and a battery for two days.", "{Storage} of room, a camera that likes the dark, and five years of updates."),
        weight=0.5, demand=0.8, season=(0.9, 1.3), patterns=("plain", "gradient"), options=(("storage", ("128 GB", "256 GB")),),
    ),
    Department(
        "phone_cover", ("Electronics", "Phone covers"), "COV", "phone cover", "phone covers", BuyingRole.VARIETY, (1290, 2990), "tech",
        ("headphones", "phone"), ("silicone", "recycled plastic", "vegan leather"),
        "{name} {look}{noun} in {colour}, {finish}",
        ("A {adjective} cover in {material} with raised edges around screen and camera.", "Slim, {finish} and shock-absorbing: printed {material} that does not yellow."),
        weight=1.3, demand=1.1, options=(("finish", ("matt", "glossy")),),
    ),
    Department(
        "headphones", ("Electronics", "Audio", "Headphones"), "HEA", "headphones", "headphones", BuyingRole.DURABLE, (5900, 24900), "tech",
        ("phone_cover", "backpack"), ("aluminium", "recycled plastic", "vegan leather"),
        "{brand} {name} {kind} {noun} in {colour}",
        ("{Adjective} {kind} headphones with thirty hours of battery.", "Soft cushions, a folding band of {material} and a sound that does not shout."),
        weight=0.9, demand=1.0, patterns=("plain", "plain", "gradient", "colour-block"), options=(("kind", ("wireless", "noise-cancelling", "studio")),),
    ),
    Department(
        "lamp", ("Home", "Lighting", "Table lamps"), "LAM", "table lamp", "table lamps", BuyingRole.DURABLE, (3900, 12900), "home",
        ("plant", "poster"), ("linen shade", "paper shade", "cotton shade"),
        "{name} {kind} lamp, {look}{colour}",
        ("A {adjective} {kind} lamp for the corner that needs one.", "Warm light through a {material}; dimmable, with a fabric cable."),
        weight=0.9, demand=0.9, season=(0.7, 1.5), options=(("kind", ("tripod", "globe", "ceramic", "desk", "stem")),),
    ),
    Department(
        "candle", ("Home", "Candles"), "CAN", "scented candle", "candles", BuyingRole.CONSUMABLE, (990, 3400), "home",
        ("soap", "lamp"), ("soy wax", "rapeseed wax", "beeswax"),
        "{scent} {noun} in a {look}{colour} jar",
        ("{Scent} in {material}, poured by hand into a jar worth keeping.", "A {adjective} scent of {scent_lower} that fills a room without taking over."),
        interval_days=38, weight=1.1, demand=1.0, season=(0.5, 2.0), options=(("scent", _SCENTS), ("burning_time", ("25 h", "45 h", "60 h"))),
    ),
    Department(
        "plant", ("Home", "Plants"), "PLA", "plant", "plants", BuyingRole.VARIETY, (1290, 5900), "home",
        ("plant_food", "lamp"), ("terracotta pot", "stoneware pot", "recycled pot"),
        "{Kind} in a {look}{colour} pot",
        ("A healthy {kind}, delivered in its {material}.", "{Adjective} and forgiving: this {kind} asks for {light} and little else."),
        weight=1.1, demand=1.1, season=(1.3, 0.8),
        options=(
            ("kind", ("cactus", "snake plant", "palm", "monstera", "pothos", "rubber plant")),
            ("light", ("bright light", "half shade", "a sunny sill")),
            ("height", ("25 cm", "40 cm", "60 cm")),
        ),
    ),
    Department(
        "plant_food", ("Home", "Plant care"), "FOO", "plant food", "plant food", BuyingRole.CONSUMABLE, (690, 1590), "care",
        ("plant",), ("seaweed extract", "organic concentrate", "worm humus"),
        "{name} plant food for {use}, {pack}",
        ("Liquid {material} that keeps {use} green; one capful a week.", "{Material} in a {adjective} bottle, gentle enough for {use}."),
        interval_days=44, weight=0.6, demand=0.5, season=(1.3, 0.8),
        options=(("use", ("houseplants", "cacti and succulents", "herbs", "ferns and palms")), ("pack", ("250 ml", "500 ml"))),
    ),
    Department(
        "cushion", ("Home", "Textiles", "Cushions"), "CUS", "cushion", "cushions", BuyingRole.VARIETY, (1990, 5900), "home",
        ("poster", "candle"), ("linen", "velvet", "cotton canvas"),
        "{name} {look}{shape} {noun} in {colour}",
        ("A {adjective} cushion in {material} with a feather-free filling.", "{Material} front and back, a hidden zip, and a shape that recovers."),
        weight=1.1, demand=1.0, season=(0.9, 1.2), options=(("shape", ("square", "square", "lumbar")),),
    ),
    Department(
        "poster", ("Home", "Wall art", "Posters"), "POS", "art print", "art prints", BuyingRole.VARIETY, (1490, 6900), "home",
        ("cushion", "lamp"), ("matt art paper", "recycled paper", "cotton rag"),
        "{name}, {look}{noun} in {colour}, {frame} frame",
        ("A {adjective} print on {material}, framed in {frame}.", "Printed to order on {material}; arrives ready to hang."),
        weight=1.2, demand=1.0, options=(("frame", ("oak", "black", "white")), ("print_size", ("30 x 40 cm", "50 x 70 cm"))),
    ),
    Department(
        "soap", ("Bath", "Soap"), "SOA", "soap", "soap", BuyingRole.CONSUMABLE, (490, 1490), "care",
        ("candle",), ("olive oil", "shea butter", "coconut oil"),
        "{scent} {format}, {look}{colour} wrap",
        ("{Scent} soap made with {material}; gentle, and it lathers well.", "A {adjective} {format} with {material} and the scent of {scent_lower}."),
        interval_days=33, weight=1.0, demand=1.0, options=(("scent", _SCENTS), ("format", ("bar soap", "hand wash"))),
    ),
)  # fmt: skip

DEPARTMENT_CODE: dict[str, int] = {department.key: i for i, department in enumerate(DEPARTMENTS)}
