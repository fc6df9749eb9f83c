"""Sixteen key points of a person in a photo, and a body fitted to them."""
