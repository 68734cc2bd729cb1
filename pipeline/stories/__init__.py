"""Stage 5: over all articles. The same person, the same meeting, in any language, is one row."""
