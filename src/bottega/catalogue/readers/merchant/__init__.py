"""Google Merchant Center's and Meta's feeds, as tables and as XML."""
