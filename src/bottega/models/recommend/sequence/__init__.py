"""Recommenders that read a history in order: transformer, recurrent, variational."""
