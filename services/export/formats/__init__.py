"""Writers of tables as bytes: CSV, JSON, XLSX and Parquet, and `datapackage.json` for a folder of them."""

from services.export.formats.csv_and_json import as_csv, as_json
from services.export.formats.data_package_description import datapackage_json
from services.export.formats.workbook import WorkbookSheet, book, sheet_of

__all__ = ["WorkbookSheet", "as_csv", "as_json", "book", "datapackage_json", "sheet_of"]
