"""Talks: a line read, answered by the verbs of the house, and handed over to a person."""
