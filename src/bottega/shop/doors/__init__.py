"""Who comes in: keys and log-ins of one shop, and who is asking at this moment."""
