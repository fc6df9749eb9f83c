"""Verbs that write to shoppers."""
