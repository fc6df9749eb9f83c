"""Songs: what is heard of one, and the picture that it becomes."""
