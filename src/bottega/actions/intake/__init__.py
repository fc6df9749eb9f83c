"""Verbs by which rows come in: imports, events and products posted, the catalogue asked."""
