"""Segments: names for shoppers by what they did, and who is of them at a moment."""
