"""Values of figures for ended periods, stored in tables: exact values, and the values that `me_read` may see."""
