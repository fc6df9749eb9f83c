"""Verbs of recommending: lists, similar products, training, judging."""
