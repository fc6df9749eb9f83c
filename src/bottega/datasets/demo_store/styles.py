"""Seven styles: which colours, patterns and motifs belong together. A product has one; shoppers lean to a few."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["COLOURS", "MOTIFS", "PATTERNS", "STYLES", "Style"]

COLOURS: dict[str, str] = {
    "white": "#f4f1ea",
    "cream": "#efe4cd",
    "sand": "#d9c4a0",
    "stone": "#b7ada0",
    "charcoal": "#45464b",
    "black": "#26262a",
    "navy": "#27395c",
    "sky": "#94bfd9",
    "cobalt": "#2f5dbd",
    "teal": "#2b7a78",
    "mint": "#a9d8c2",
    "sage": "#9caf88",
    "olive": "#75753f",
    "forest": "#2f5941",
    "mustard": "#dba63a",
    "sunshine": "#f5cb4c",
    "terracotta": "#c46a4a",
    "rust": "#a84f2e",
    "brown": "#6f4a35",
    "coral": "#ee8468",
    "pink": "#f0a6b8",
    "blush": "#e6c3ba",
    "rose": "#c9627c",
    "burgundy": "#752f41",
    "lilac": "#bfa6d9",
    "lavender": "#9c92c4",
    "grey": "#8d9299",
    "red": "#c93d3d",
}
"""Colour names, as they stand in titles and attributes, with their paint."""

PATTERNS: tuple[str, ...] = (
    "plain",
    "striped",
    "pinstriped",
    "dotted",
    "checked",
    "tartan",
    "chevron",
    "floral",
    "leafy",
    "gradient",
    "geometric",
    "terrazzo",
    "wavy",
    "colour-block",
)

MOTIFS: tuple[str, ...] = (
    "sun",
    "mountain",
    "leaf",
    "moon",
    "wave",
    "flower",
    "rainbow",
    "lemon",
    "heart",
    "star",
    "none",
)


@dataclass(frozen=True, slots=True)
class Style:
    """One way of dressing a house and its people."""

    name: str
    colours: tuple[str, ...]
    patterns: tuple[tuple[str, float], ...]
    motifs: tuple[str, ...]
    backdrops: tuple[str, ...]
    adjectives: tuple[str, ...]


STYLES: tuple[Style, ...] = (
    Style(
        "minimal",
        ("white", "stone", "sand", "charcoal", "black", "cream", "grey"),
        (("plain", 6), ("pinstriped", 2), ("gradient", 1), ("colour-block", 1)),
        ("moon", "mountain", "none"),
        ("#eceae6", "#e6e4e0", "#e9e5df"),
        ("quiet", "pared-back", "understated", "clean-lined"),
    ),
    Style(
        "coastal",
        ("navy", "white", "sky", "sand", "coral", "teal"),
        (("striped", 5), ("plain", 3), ("wavy", 3), ("dotted", 1)),
        ("wave", "sun", "star"),
        ("#e3ebef", "#ece8de", "#dfe9ec"),
        ("breezy", "salt-washed", "easy-going", "fresh"),
    ),
    Style(
        "botanical",
        ("sage", "forest", "olive", "cream", "terracotta", "mint"),
        (("leafy", 4), ("plain", 3), ("floral", 2), ("terrazzo", 1)),
        ("leaf", "flower", "lemon"),
        ("#e8ebe0", "#edeadf", "#e2e9e0"),
        ("leafy", "garden-fresh", "earthy", "calm"),
    ),
    Style(
        "retro",
        ("mustard", "rust", "teal", "cream", "brown", "terracotta", "olive"),
        (("geometric", 4), ("striped", 2), ("wavy", 2), ("checked", 2), ("plain", 2)),
        ("sun", "rainbow", "mountain"),
        ("#f0e6d3", "#eee0cf", "#e7e5d6"),
        ("seventies-inspired", "warm", "nostalgic", "sun-faded"),
    ),
    Style(
        "playful",
        ("pink", "sunshine", "mint", "cobalt", "coral", "lilac", "red"),
        (("dotted", 3), ("terrazzo", 3), ("geometric", 2), ("chevron", 2), ("colour-block", 2), ("plain", 1)),
        ("rainbow", "lemon", "heart", "star"),
        ("#f6e6e4", "#fbf0d6", "#e6eef3", "#ece6f2"),
        ("cheerful", "bold", "joyful", "bright"),
    ),
    Style(
        "romantic",
        ("rose", "blush", "burgundy", "lavender", "cream", "pink"),
        (("floral", 5), ("checked", 2), ("plain", 3), ("dotted", 2)),
        ("flower", "heart", "moon"),
        ("#f3e6e3", "#f0e8ea", "#ece6ee"),
        ("soft", "gentle", "wistful", "pretty"),
    ),
    Style(
        "urban",
        ("black", "charcoal", "cobalt", "grey", "red", "white", "mustard"),
        (("colour-block", 4), ("plain", 4), ("tartan", 2), ("chevron", 2), ("pinstriped", 1)),
        ("mountain", "star", "moon", "none"),
        ("#dfe1e4", "#e5e3e2", "#d9dde2"),
        ("sharp", "street-ready", "confident", "no-nonsense"),
    ),
)
