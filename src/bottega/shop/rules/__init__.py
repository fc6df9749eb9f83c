"""Saved rules: what the merchant imposes on lists without code, and what that means for one list."""
