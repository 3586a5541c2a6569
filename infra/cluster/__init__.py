"""A whole deployment in containers: three brokers, two databases, each service twice (`infra/compose.yaml`).

certificate_authority  signs every certificate of the deployment     broker_properties  configuration of one broker
container_secrets  every certificate, password and configuration, as files in the volumes of the containers
provision      start of the container that provisions          health_check  whether a container's process is ready
start_service  start of a service's container
"""
