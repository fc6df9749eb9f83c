"""Dressing fashion models: pieces of the shop as cloth on a body."""
