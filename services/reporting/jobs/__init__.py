"""Jobs for questions of pages, run in a child process: figures as known earlier, and the events behind a figure."""
