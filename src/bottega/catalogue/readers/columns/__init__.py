"""Which column is what: names that mean a field, guesses by values, and what --map says."""
