"""What a shop is searched with: the index and its pack, what was found, facets, completions, like this but."""
