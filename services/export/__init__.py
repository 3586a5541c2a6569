"""Files for committees: typed tables as CSV, XLSX, Parquet and JSON, and tables in the forms of other standards.

It turns rows into tables and tables into bytes. It reads no database and no clock.
"""
