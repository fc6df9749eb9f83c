"""People: what may be changed of them, which is the colour of their hair, and what a merchant's own data can teach."""
