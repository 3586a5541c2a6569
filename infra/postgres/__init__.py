"""What a PostgreSQL server must hold for a deployment: one database, a role and a schema per service."""
