"""Readers of cells: amounts of a period, breakdowns, cohorts, grids, rates, and the rules between figures."""
