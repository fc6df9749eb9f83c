"""A network that judges pictures, apart from everything that makes them: no generator learns from it."""
