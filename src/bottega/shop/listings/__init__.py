"""What is said of products beside the feed: facts, suggestions, what pictures and reviews tell."""
