"""What can go wrong when tables are opened; every message says what to do."""


class LoadError(ValueError):
    """A missing table, an unknown option value, or a name that nothing answers to."""
