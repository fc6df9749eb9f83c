"""Verbs about words: texts for products, written from facts."""
