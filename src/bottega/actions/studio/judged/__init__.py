"""Judged: the verb that judges what generators draw."""
