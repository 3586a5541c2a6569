"""Bill of materials of this project, and the advisories against its parts."""
