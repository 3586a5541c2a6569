"""Frame of the services that decide: a batch of copies, the table that stores them, and the process around both."""
