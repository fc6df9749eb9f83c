"""Bottega: the workshop behind an online shop. Start with docs/tour.md."""

__version__ = "0.3.0"
