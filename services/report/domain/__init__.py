"""The annual report as a document: its figures, sentences, charts and tables. No I/O."""
