"""Files for committees: typed tables as CSV, XLSX, Parquet and JSON, and tables in the forms of other standards.

The package turns rows into tables and tables into bytes. It reads neither a database nor a clock.
"""
