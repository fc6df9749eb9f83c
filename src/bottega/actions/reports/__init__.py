"""Reports for the merchant: how a week went, and what to do next."""
