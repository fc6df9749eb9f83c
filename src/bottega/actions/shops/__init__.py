"""Verbs of a shops folder: make, list, remove, export and restore one of its shops."""
