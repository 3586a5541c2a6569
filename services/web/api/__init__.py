"""HTTP routes: pages for people, and their data as JSON and CSV for programs."""
