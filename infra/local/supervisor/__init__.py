"""The supervisor of a data folder: one process that starts, watches and ends everything that runs there.

`__main__` reads the plan and answers. `supervisor` is the loop from start to stop. `servers` are broker and database,
`children` are services and steps. `ended_credentials` takes away the rights of credentials that have ended.
"""
