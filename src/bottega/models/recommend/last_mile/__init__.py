"""From scores to a list: rules, diversity, dials, reasons."""
