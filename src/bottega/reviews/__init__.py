"""What shoppers wrote about products: rows of reviews, whatever system they were collected by."""
