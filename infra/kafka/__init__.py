"""A deployment's content of a Kafka cluster: topics, users, rights, quotas."""
