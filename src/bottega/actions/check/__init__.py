"""Check: what is wrong with a feed or a shop, what it costs and how to mend it; and who is no person."""
