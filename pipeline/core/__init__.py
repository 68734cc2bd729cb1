"""What every stage shares: row types, table schemas, configuration, storage and the run."""
