"""The services' base: a real Kafka and a real PostgreSQL, found or started, with topics, rights and roles."""
