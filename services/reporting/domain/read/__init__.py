"""Read figures from cells: amounts of a period, cohorts, evidence, claims, the grid of months, the strategy's plan."""
