"""Chinese words as data."""
