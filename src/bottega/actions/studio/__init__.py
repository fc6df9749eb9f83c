"""Verbs of the studio: photos made better, pictures put on products."""
