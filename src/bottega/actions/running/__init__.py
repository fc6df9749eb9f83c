"""Verbs for whoever runs the shop: its keys, its models in use."""
