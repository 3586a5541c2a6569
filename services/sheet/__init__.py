"""Sheets: spreadsheets in which a clerk writes events, one row for each event.

`column` makes the columns of a type from its model. `cell` and `date_cells` read and write the content of a cell.
`own_numbers` makes ids of an agency's own numbers, `shared_ids` asks intake for them. `row` puts a row together. `file`
reads CSV and XLSX. `unread_cells` finds content that a workbook shows and calamine does not read. `template` makes an
empty sheet with its explanation. A cell that is wrong or says two things is refused by its row, its column and a rule;
its content is never repeated.
"""
