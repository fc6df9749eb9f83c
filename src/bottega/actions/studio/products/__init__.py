"""Products that do not exist: verbs of pictures from words."""
