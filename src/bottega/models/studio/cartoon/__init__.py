"""Photos in the style of a cartoon: flat colours and lines, drawn by rule."""
