"""Sheets: spreadsheets in which a clerk writes events, one row for each event.

`column` derives the columns of a type from its model. `cell_kinds` and `date_cells` convert the text of a cell to a
value and back. `own_number_ids` derives ids from an agency's own numbers, `ids_from_intake` asks intake for them. `row`
builds an event from a row. `file_reading` reads CSV and XLSX. `unreadable_cells` finds cells whose content calamine
does not read. `template` writes an empty sheet with its explanation. A wrong or ambiguous cell is reported by its row,
its column and a rule; its content is never repeated.
"""
