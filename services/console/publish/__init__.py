"""`atips publish`: lines in, one verdict per line out, in their order.

`lines` reads a file of events, `rows` a sheet, which remembers in `sent`; a `batch` is either. `board` matches verdicts
to lines, `wire` sends and follows the receipts, `verdict` is what people and programs get to see.
"""
