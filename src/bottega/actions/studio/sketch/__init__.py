"""Sketches: the verb of drawings that become products."""
