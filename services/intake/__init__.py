"""intake: the only writer of the log.

consumes   <deployment>.inbound.<publisher>.v1, of every agency and service; at start the ends of its own topics
serves     HTTPS: events, receipts, shared ids, the contract (api)
deletes    records of inbound topics that are judged (inbound_record_deletion)
publishes  <deployment>.person|case|activity.v1, .quarantine.v1, .progress.v1, .delivery.<publisher>.v1 (by its relay)
tables     line, inbox, quarantine, resubmission, merged, same, linked, copy, relay, relay_offset, position, topic,
           act, api_key, passed
"""
