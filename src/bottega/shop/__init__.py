"""What a running process holds of one shop: models in use, histories, shelf, search index; one owner, `OpenShop`."""
