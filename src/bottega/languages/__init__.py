"""What shops say in several languages: folded words, stems, and lists of everyday words with what they mean."""
