"""The page's addresses, one idea a file."""
