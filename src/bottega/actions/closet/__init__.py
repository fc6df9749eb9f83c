"""Verbs about what goes together: a shopper's closet, outfits."""
