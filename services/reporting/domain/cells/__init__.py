"""Amounts that states contribute to figures, and the cells made of them."""
