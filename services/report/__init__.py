"""report: the Council's annual report, one document for all of its forms.

* `domain`: makes the document out of figures: sentences, charts, tables, notes. Pure.
* `questions`: questions for the figures that the document needs, read in one snapshot.
* `html`, `pdf`, `workbook`, `json_document`: the document in each form. None of them computes a number.

It reads the exact cells of `reporting`, or the rows of a release. No payload, no record of a person.
"""
