"""Pictures made and made better: rescued photos, prints on products, generated products."""
