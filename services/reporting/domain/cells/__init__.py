"""Amounts that states contribute to figures, and the cells that they become."""
