"""Pages for the merchant: made here, shown by the server and written by the command line."""
