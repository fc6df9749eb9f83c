"""Cartoons: the verb of photos in flat colours and lines."""
