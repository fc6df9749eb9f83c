"""Weights: everything that ships, trained from the public data sets by one command."""
