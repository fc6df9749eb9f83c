"""Work that is asked for now and done later, by a worker."""
