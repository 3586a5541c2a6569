"""Sheets: how a clerk says in a spreadsheet what a system says in JSON; one row is one event.

`column` makes the columns of a type from its model, `cell` and `when` read and write what stands in one, `own` makes
ids of an agency's own numbers, `row` puts a row together, `file` is CSV and XLSX, `unread` what a workbook shows and
calamine does not, `template` an empty sheet with its explanation. A cell that is wrong or says two things is refused by
its row, its column and a rule, never repeated.
"""
