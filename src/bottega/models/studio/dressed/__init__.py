"""Dressed figures: pieces worn over one another on a body in a pose, as pictures, turns and 3D files."""
