"""Kafka and PostgreSQL for the services: existing servers or started ones, with topics, rights and roles."""
