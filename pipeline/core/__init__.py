"""What every stage shares: row types, table schemas, configuration and storage."""
