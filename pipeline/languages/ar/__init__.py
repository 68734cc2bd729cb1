"""Arabic words as data."""
