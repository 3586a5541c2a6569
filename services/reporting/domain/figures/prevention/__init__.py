"""Figures of prevention: awareness, media, training, inspections, what was made."""
