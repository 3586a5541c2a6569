"""A real Apache Kafka and a real PostgreSQL on one machine, from Python packages and verified jars, without root."""
