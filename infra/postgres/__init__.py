"""A deployment's content of a PostgreSQL server: one database, a role and a schema for each service."""
