"""Models and their figures in a merchant's words."""

from __future__ import annotations

from typing import Any, NamedTuple

__all__ = ["ABILITIES", "DRIFT", "ROOMS", "AbilityWords", "figures_of", "measure_named"]


class AbilityWords(NamedTuple):
    """What a model is for."""

    title: str
    words: str


ABILITIES = {
    "recommend": AbilityWords("Recommendations", "Chooses what each shopper is shown, from what they and others did."),
    "eye": AbilityWords("The eye", "Tells from a photo what a product is: its type, colours, and what looks like it."),
    "parts": AbilityWords("Parts of photos", "Tells cloth, skin, hair and background apart."),
    "words": AbilityWords("Words for photos", "Finds photos by words, and searches by both."),
    "outfits": AbilityWords("Outfits", "Says which garments go together."),
    "rescue": AbilityWords("Photo rescue", "Makes photos sharper and larger."),
    "key_points": AbilityWords("Joints of a person", "Finds shoulders, elbows and knees, for trying clothes on."),
    "product": AbilityWords("Imagined products", "Draws products that do not exist."),
    "sketch": AbilityWords("Drawings", "Makes a product's picture of a drawing."),
    "turntable": AbilityWords("Other angles", "Shows a product from a side that no photo shows."),
    "wording": AbilityWords("Forms of titles", "Which way of writing a title shoppers open more."),
    "face": AbilityWords("Faces", "Changes faces on fashion models, from your own photos."),
}
"""Ability -> what it is called, and what it does."""
ROOMS = {"recommend": "recommend", "eye": "vision", "outfits": "outfits", "wording": "wording"}
"""Ability -> what a roll back calls it; the others have nothing to go back to."""
DRIFT = {
    "kinds": "Kinds of events that come in",
    "unknown_products": "Events on products that no catalogue has",
    "fallbacks": "Shoppers of whom nothing was known",
    "demand": "Which products are wanted",
    "new_products": "Products that came after the training",
    "hit_rate": "How often the ten shown hold what the shopper takes next",
}
"""What drift is measured of."""
_MEASURES = {
    "ndcg@10": "Order of the first ten (NDCG@10)",
    "recall@10": "Next product among the first ten (recall@10)",
    "type_top1": "Type of product right",
    "type_macro_f1": "Type right, every type counted alike",
    "subcategory_top1": "Subcategory right",
    "gender_top1": "For whom, right",
    "colour_top1": "Colour right",
    "colour_top2": "Colour right with the second guess",
    "ece": "How far its certainty is off",
    "line_recall@1": "Same product line found first",
    "miou": "Parts found, overlap",
    "auc": "Pairs told from chance (AUC)",
    "train_s": "Seconds of its training",
}


def measure_named(measure: str) -> str:
    """What a measure is called."""
    return _MEASURES.get(measure.lower(), measure.replace("_", " "))


def figures_of(measures: dict[str, Any], before: str = "") -> list[tuple[str, str]]:
    """Measures as names and figures; those inside one another are named after both."""
    found: list[tuple[str, str]] = []
    for name, value in measures.items():
        named = f"{before}{measure_named(name)}"
        if isinstance(value, dict):
            found += figures_of(value, f"{named}, ")
        elif isinstance(value, bool) or value is None or isinstance(value, list):
            continue
        elif isinstance(value, float):
            found.append((named, f"{value:,.4g}"))
        else:
            found.append((named, f"{value:,}" if isinstance(value, int) else str(value)))
    return found
