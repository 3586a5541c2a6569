"""Small changes to the domain's code, each of which some test must notice: `make mutants`."""
