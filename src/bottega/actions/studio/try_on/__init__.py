"""Trying on: verbs of pieces of the shop on somebody's own photo."""
