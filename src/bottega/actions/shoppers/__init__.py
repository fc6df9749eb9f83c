"""Verbs about shoppers: affinities, segments, synthetic ones, export, forget."""
