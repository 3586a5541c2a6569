"""referral: the clock nobody else has. Not running yet.

consumes      <deployment>.person.v1
will decide   who holds a referral, what is late, whom to tell; published through an inbound topic of its own
"""
