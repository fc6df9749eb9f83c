"""Verbs of the eye: tags, suggestions for a whole catalogue, training."""
