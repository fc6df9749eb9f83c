"""Recolouring: verbs of products in another colour."""
