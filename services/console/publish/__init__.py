"""`atips publish`: lines in, one verdict per line out, in their order.

A `batch` is a file of events or a sheet (`services.sheet`). `wire` and `post` send it through one of the two doors,
`board` matches receipts to lines, `shown` writes verdicts for people.
"""
