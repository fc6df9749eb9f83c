"""Video: verbs of clips of products."""
