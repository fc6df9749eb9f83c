"""Pictures, videos and pages that are files of the shop: of products, of shoppers, and what was made of them."""
