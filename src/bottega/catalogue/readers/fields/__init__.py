"""One field's text at a time: prices, stock, dates, yes and no, lists inside cells."""
