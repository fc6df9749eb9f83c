"""Shop platforms, asked by their own APIs."""
