"""Semantic ids: products as short words, decoded code by code."""
