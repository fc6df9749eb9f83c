"""A demo shop that the project draws and simulates itself, from a seed; docs/demo-shop.md tells how."""

from bottega.datasets.demo_store.pictures import contact_sheet
from bottega.datasets.demo_store.write import DemoFiles, write_demo_shop

__all__ = ["DemoFiles", "contact_sheet", "write_demo_shop"]
