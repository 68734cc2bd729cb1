"""Name engines behind one type: see ``pipeline.entities.spans``."""
