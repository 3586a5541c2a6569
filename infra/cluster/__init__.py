"""A whole deployment in containers: three brokers, two databases, each service twice (`infra/compose.yaml`).

authority  the deployment's own certificate authority          broker     configuration of one broker
keys       every certificate, password and configuration, as files in the volumes of those that need them
process    start of a service's container                      healthy    whether the process in it is ready
"""
