"""What shoppers are drawn to: attributes, declared tastes, segments."""
