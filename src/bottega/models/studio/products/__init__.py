"""Products that do not exist: generators of product pictures, and what is asked of them."""
