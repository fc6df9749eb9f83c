"""New angles: what one photo of a product lets one know of its shape, and how it looks when it is turned."""
