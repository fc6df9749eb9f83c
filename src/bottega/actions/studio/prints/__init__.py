"""Prints: verbs of pictures and songs on things, and of designs."""
