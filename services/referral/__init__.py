"""referral: follows each referral, decides who holds it, and publishes deadlines that pass.

consumes   <deployment>.person.v1
publishes  <deployment>.inbound.referral.v1 (who holds a referral, which move is refused, what is late),
           <deployment>.delivery.<agency>.v1 (what to act on, what was decided, consent taken back, notices)
tables     fact, waiting, waited, carer, notice, danger, standing, outbox, position, topic
"""
