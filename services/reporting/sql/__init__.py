"""reporting's migrations, read by file; one chain."""
