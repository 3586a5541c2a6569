"""`atips publish`: publishes the lines of a file, and prints one verdict per line, in their order.

`file_lines_and_verdicts` reads a file of events or a sheet (`services.sheet`). `kafka_publishing` or
`services.sheet.http_post` sends it over Kafka or HTTPS. `receipt_matching` matches receipts to lines.
`stored_intake_ids` stores ids for a dry run.
"""
