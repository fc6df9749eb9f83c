"""Files of no platform: tables, JSON and Parquet with columns of any name."""
