"""Verbs of looking at the catalogue: comparing products, browsing them."""
