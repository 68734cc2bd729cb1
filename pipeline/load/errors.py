"""What can go wrong when tables are opened; every message says what to do."""


class LoadError(ValueError):
    """A missing table, an unknown option value, or a name that nothing answers to."""


class UnknownParty(LoadError):
    """A name that nobody in these tables bears: no mistake in itself, the articles may not speak of them."""
