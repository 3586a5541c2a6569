"""Figures of prevention: awareness activities, media, training, labour inspections, outputs such as workbooks."""
