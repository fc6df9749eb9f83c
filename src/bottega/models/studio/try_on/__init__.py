"""Trying on: a piece of the shop on the photo of somebody."""
