"""A PostgreSQL backend that tells the database the scope in every transaction."""
