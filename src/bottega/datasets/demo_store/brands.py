"""The invented makers of the demo shop's products."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["BRANDS", "Brand"]


@dataclass(frozen=True, slots=True)
class Brand:
    """An invented maker: what it makes, the styles it works in, and how dear it is."""

    name: str
    family: str
    styles: tuple[str, ...]
    tier: float


BRANDS: tuple[Brand, ...] = (
    Brand("Norrvik", "wear", ("minimal", "coastal"), 1.15),
    Brand("Maru & Finch", "wear", ("botanical", "romantic"), 1.0),
    Brand("Sunday Atlas", "wear", ("retro", "playful"), 0.9),
    Brand("Kilnworth", "wear", ("urban", "minimal"), 1.1),
    Brand("Salt Pier", "wear", ("coastal", "playful"), 0.85),
    Brand("Odette Vale", "wear", ("romantic", "botanical", "retro"), 1.25),
    Brand("Hearth & Hollow", "home", ("botanical", "minimal"), 1.1),
    Brand("Casa Limon", "home", ("playful", "coastal"), 0.85),
    Brand("Rosewater Lane", "home", ("romantic",), 1.0),
    Brand("Modern Relic", "home", ("retro", "urban"), 1.15),
    Brand("Plain Matters", "home", ("minimal", "urban", "coastal"), 1.05),
    Brand("Volta", "tech", ("urban", "minimal", "coastal"), 1.2),
    Brand("Pixie Circuit", "tech", ("playful", "romantic"), 0.85),
    Brand("Analog Days", "tech", ("retro", "botanical"), 1.0),
    Brand("Grove & Kettle", "pantry", ("botanical", "romantic"), 1.05),
    Brand("Harbour Roast", "pantry", ("coastal", "urban"), 1.0),
    Brand("Tin Parade", "pantry", ("playful", "retro"), 0.9),
    Brand("Fern & Foam", "care", ("botanical", "romantic"), 1.0),
    Brand("Tide Apothecary", "care", ("coastal", "minimal", "urban"), 1.15),
    Brand("Bubble Street", "care", ("playful", "retro"), 0.9),
    Brand("Studio Grain", "pantry", ("minimal",), 1.15),
)
