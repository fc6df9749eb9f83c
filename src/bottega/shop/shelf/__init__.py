"""What a shop sells, as a process holds it: every product as a row of arrays, read, packed and filtered."""
