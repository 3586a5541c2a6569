"""Values of figures for ended quarters and years, kept in tables: exact ones, and those that `me_read` may see."""
