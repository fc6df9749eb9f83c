"""A drawing becomes the picture of a product."""
