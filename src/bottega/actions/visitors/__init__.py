"""What may be asked with a publishable key, and by whom."""
