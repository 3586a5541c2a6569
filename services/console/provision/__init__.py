"""`atips provision`: a deployment on an existing Kafka and PostgreSQL, and a folder for each of its processes.

command: the options · checking: the rows of --check · steps: what is done · process_folders: the folders of the
processes · agency_folders: the folders of the agencies.
"""
