"""intake: the only writer of the log.

consumes   <deployment>.inbound.<publisher>.v1, of every agency and service; at its start the ends of what it publishes
serves     HTTPS: events, receipts, shared ids, the contract (api)
deletes    what is judged, of the inbound topics (deletion)
publishes  <deployment>.person|case|activity.v1, .quarantine.v1, .progress.v1, .delivery.<publisher>.v1 (by its relay)
tables     line, inbox, quarantine, resubmission, merged, same, linked, copy, relay, relay_offset, position, topic,
           act, api_key, passed
"""
