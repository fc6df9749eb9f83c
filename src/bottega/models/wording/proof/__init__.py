"""What a text says, read without knowing who wrote it: pieces, phrases, relations."""
