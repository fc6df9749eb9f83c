"""Prints: a customer's picture on things that were modelled and lit once, and on the shop's own photos."""
