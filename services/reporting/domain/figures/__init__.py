"""Figures by area: each folder holds the parts of an entity's state and the figures that count them."""
