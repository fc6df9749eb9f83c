"""The console: pages for a merchant who does not code. One frame, an area of pages a file; `routes.py` lists them."""
