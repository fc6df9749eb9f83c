"""Verbs of searching, by words and by photo."""
