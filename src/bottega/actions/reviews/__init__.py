"""Verbs about what shoppers wrote."""
