"""`atips publish`: lines in, one verdict per line out, in their order.

`file_batch` reads a file of events or a sheet (`services.sheet`). `kafka_publishing` or `services.sheet.http_post`
sends it through one of the two doors. `awaited_receipts` matches receipts to lines. `given_ids` keeps ids for a dry
run.
"""
