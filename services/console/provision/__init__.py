"""`atips provision`: a deployment on a Kafka and a PostgreSQL that others run, and a folder for each of its processes.

command: the options · checking: the rows of --check · making: the steps · layout: the folders of the processes ·
clients: the folders of the agencies.
"""
