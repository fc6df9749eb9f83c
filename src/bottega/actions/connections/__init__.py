"""How the shop stands with the platforms that it is connected to, and with those whose webhooks come."""
