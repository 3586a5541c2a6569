"""Questions that pages ask and a child process answers: figures as known at an earlier time, events behind one."""
