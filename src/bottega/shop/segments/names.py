"""What segments there are, by name, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

__all__ = ["LOVES", "SEGMENTS", "SEGMENTS_MOST", "SEGMENT_HELP", "SEGMENT_TITLES", "SegmentName", "segment_title"]

SEGMENTS: Mapping[str, str] = {
    "new": "Nothing is known of them.",
    "returning": "They came before.",
    "buyers": "They bought before.",
    "likely_to_buy": "Of all shoppers the tenth most likely to buy within a week.",
    "likely_to_leave": "They bought on several days, and are of the fifth of such shoppers least likely to buy again.",
    "lapsed": "They bought, and have waited longer than nine of ten who came back.",
    "left_cart": "They put something into the cart within a week and did not buy it.",
    "hesitating": "Within a week they went back and forth between products twice or more, and bought nothing since.",
}
"""Name -> whom it means. One shopper may be of several."""
SEGMENT_TITLES: Mapping[str, str] = {
    "new": "new shoppers, of whom nothing is known",
    "returning": "returning shoppers",
    "buyers": "shoppers who bought before",
    "likely_to_buy": "shoppers likely to buy this week",
    "likely_to_leave": "shoppers likely to leave",
    "lapsed": "buyers who have not come back",
    "left_cart": "shoppers who left a cart",
    "hesitating": "shoppers who hesitate",
}
"""The same as part of a sentence, for pages."""
LOVES = ("brand:", "category:")
"""How the names of segments begin that mean who is drawn to one brand or category, as in brand:Nord."""
SEGMENTS_MOST = 20
SEGMENT_HELP = (
    f"{', '.join(SEGMENTS)}; brand:NAME or category:NAME: half of what they did of late was about it. Who may not be "
    "answered personally is of none."
)


def segment_title(name: str) -> str:
    """A segment as part of a sentence.

    >>> segment_title("brand:Nord"), segment_title("lapsed")
    ('shoppers drawn to the brand Nord', 'buyers who have not come back')
    """
    field, found, value = name.partition(":")
    return f"shoppers drawn to the {field} {value}" if found else SEGMENT_TITLES.get(name, name)


def _segment(name: str) -> str:
    loved = next((start for start in LOVES if name.startswith(start)), None)
    if name in SEGMENTS or (loved is not None and name[len(loved) :].strip()):
        return name
    raise ValueError(f"segments are {', '.join(SEGMENTS)}, brand:NAME and category:NAME")


SegmentName = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_segment)]
