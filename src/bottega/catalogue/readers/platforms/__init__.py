"""The exports of shop platforms and marketplaces, one format a file, and the JSON-LD of saved pages."""
