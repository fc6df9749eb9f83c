"""What is asked of Shopify, in GraphQL: the fields that the readers `shopify-json` and `shopify-orders` know."""

from __future__ import annotations

__all__ = [
    "ADD_TAGS", "LINES", "ORDER", "ORDERS", "PRODUCT", "PRODUCTS", "REFUNDS", "REFUNDS_AT_ONCE", "REFUND_LINES",
    "SET_METAFIELDS", "SHOP", "STOCK", "VARIANTS",
]  # fmt: skip

REFUNDS_AT_ONCE = 5
"""Refunds that come with their order; Shopify gives a list of them, cut there, and no pages."""

_VARIANT = """
  pageInfo { hasNextPage endCursor }
  nodes {
    id sku barcode price compareAtPrice availableForSale inventoryQuantity inventoryPolicy
    selectedOptions { name value }
    image { url altText }
    inventoryItem { id tracked }
  }
"""
_LINE = """
  pageInfo { hasNextPage endCursor }
  nodes {
    id sku quantity
    variant { id sku selectedOptions { name value } }
    product { id handle }
    originalUnitPriceSet { shopMoney { amount currencyCode } }
  }
"""
_REFUND_LINE = "pageInfo { hasNextPage endCursor } nodes { id quantity lineItem { id } }"
_PRODUCT = f"""
  id handle title descriptionHtml vendor productType status tags updatedAt publishedAt onlineStoreUrl
  category {{ fullName }}
  media(first: 10) {{ nodes {{ id alt preview {{ image {{ url }} }} }} }}
  variants(first: 25) {{ {_VARIANT} }}
"""
_ORDER = f"""
  id name createdAt updatedAt cancelledAt displayFinancialStatus test email
  customer {{ id email }}
  lineItems(first: 20) {{ {_LINE} }}
  refunds(first: {REFUNDS_AT_ONCE}) {{
    id createdAt
    refundLineItems(first: 10) {{ {_REFUND_LINE} }}
  }}
"""
PRODUCTS = f"""
query Products($first: Int!, $after: String, $query: String) {{
  products(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {{
    pageInfo {{ hasNextPage endCursor }}
    nodes {{ {_PRODUCT} }}
  }}
}}
"""
PRODUCT = f"query Product($id: ID!) {{ node(id: $id) {{ ... on Product {{ {_PRODUCT} }} }} }}"
ORDER = f"query Order($id: ID!) {{ node(id: $id) {{ ... on Order {{ {_ORDER} }} }} }}"
STOCK = "query Stock($id: ID!) { inventoryItem(id: $id) { variant { product { id } } } }"
VARIANTS = f"""
query Variants($id: ID!, $after: String) {{
  node(id: $id) {{ ... on Product {{ variants(first: 100, after: $after) {{ {_VARIANT} }} }} }}
}}
"""
ORDERS = f"""
query Orders($first: Int!, $after: String, $query: String) {{
  orders(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {{
    pageInfo {{ hasNextPage endCursor }}
    nodes {{ {_ORDER} }}
  }}
}}
"""
LINES = f"""
query Lines($id: ID!, $after: String) {{
  node(id: $id) {{ ... on Order {{ lineItems(first: 100, after: $after) {{ {_LINE} }} }} }}
}}
"""
REFUNDS = f"""
query Refunds($id: ID!) {{
  node(id: $id) {{ ... on Order {{ refunds {{ id createdAt refundLineItems(first: 10) {{ {_REFUND_LINE} }} }} }} }}
}}
"""
REFUND_LINES = f"""
query RefundLines($id: ID!, $after: String) {{
  node(id: $id) {{ ... on Refund {{ refundLineItems(first: 100, after: $after) {{ {_REFUND_LINE} }} }} }}
}}
"""
SHOP = "query Shop { shop { currencyCode } }"
ADD_TAGS = """
mutation AddTags($id: ID!, $tags: [String!]!) { tagsAdd(id: $id, tags: $tags) { userErrors { field message } } }
"""
SET_METAFIELDS = """
mutation SetMetafields($metafields: [MetafieldsSetInput!]!) {
  metafieldsSet(metafields: $metafields) { metafields { id } userErrors { field message } }
}
"""
