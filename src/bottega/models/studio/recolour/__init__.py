"""The same product in another colour: where its main colour is, and what light makes of a new one."""
