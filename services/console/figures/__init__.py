"""The command `atips figures`: tables, series, CSV, JSON and workbooks of figures."""
