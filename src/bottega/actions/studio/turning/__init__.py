"""Turning: the verb of new angles."""
