"""Questions of people to the store of reporting: figures, grids, findings, the events behind a figure."""
