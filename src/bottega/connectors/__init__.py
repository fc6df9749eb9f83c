"""Shop platforms' own APIs, asked page by page. What a page holds is read by the readers of the platforms' exports."""
