"""Fashion models: who is on call, who a shop keeps, and how they look."""
