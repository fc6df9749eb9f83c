"""Whether it earns money: what was sold through lists, and experiments."""
