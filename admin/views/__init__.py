"""One file per menu group; admin/__init__.py is the only list of them."""
