"""Verbs that make the demo shop."""
