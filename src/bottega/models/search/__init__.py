"""Search by words: what a shopper's words ask for, and which listings are that."""
