"""Files that committees take away: typed tables as CSV, XLSX, Parquet and JSON, and the tables of other standards.

Pure but for the writers, which turn tables into bytes. Reads no database and no clock.
"""
