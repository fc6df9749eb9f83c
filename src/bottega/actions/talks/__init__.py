"""Talks, as persons of the shop have them: who waits, what was said, taking over and giving back."""
