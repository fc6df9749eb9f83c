"""Rescue: a photo sharper, larger, in better light, level, on white; and which photos are in need of it."""
