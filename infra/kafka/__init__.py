"""What a Kafka cluster must hold for a deployment: topics, users, rights."""
