"""Words about products, written from facts and from nothing else."""
