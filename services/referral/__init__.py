"""referral: follows each referral, decides which agency holds it, and publishes deadlines that have passed.

consumes   <deployment>.person.v1
publishes  <deployment>.inbound.referral.v1 (holders, refused moves, passed deadlines, findings, sight by consent),
           <deployment>.delivery.<agency>.v1 (actions to take, decisions, withdrawn consent, notices, dangers)
tables     fact, held, waiting, waited, carer, notice, danger, standing, kept_from, person_case, outbox, position, topic
"""
