"""What this project is built of, and what is known against it: the bill of materials and the advisories."""
