"""report: the Council's annual report, one document that is rendered in several forms.

* `domain`: makes the document from figures: sentences, charts, tables, notes. No I/O.
* `queries`, `release_source`: read the figures that the document needs, all from one state.
* `html`, `pdf`, `workbook`, `json_document`: render the document. They compute no number.

It reads the exact cells of `reporting`, or the rows of a release; never an event's payload or a person's record.
"""
