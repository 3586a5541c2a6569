"""A whole deployment in containers: three brokers, two databases, each service twice (`infra/compose.yaml`).

authority      the deployment's own certificate authority      broker        configuration of one broker
container_secrets  every certificate, password and configuration, as files in the volumes of the containers
provision      start of the container that provisions          health_check  whether a container's process is ready
start_service  start of a service's container
"""
