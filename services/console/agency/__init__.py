"""`atips agency`: add, rotate, revoke and list agencies' systems, without a restart of any service.

`command` changes their credentials on the broker (infra.local.agency_credential_changes) and their API keys.
`credential_list` lists them. `connection_files` writes keys into connection files. `auditors` adds
and revokes the auditor.
"""
