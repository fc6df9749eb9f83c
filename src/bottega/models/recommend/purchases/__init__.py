"""What follows a purchase: repeats, waits, complements and substitutes."""
