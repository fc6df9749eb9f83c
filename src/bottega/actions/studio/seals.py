"""What requests and answers of the dressing room say of the shopper and of the picture, in the same words."""

from __future__ import annotations

__all__ = ["SEAL", "SIGNED", "TRIED"]

TRIED = "Who tries it on, if anybody: an event `try_on` of each piece is noted for them, and nothing of the picture."
SIGNED = "What the shop's server says of this shopper; needed with a publishable key (docs/keys.md)."
SEAL = "Shows that the picture was made here; it goes along where the picture is kept or shared, as it came."
