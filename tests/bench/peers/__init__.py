"""Other systems at the same work: on the topics, the broker and the database of a bench, beside our own services.

Optional: `make bench ARGS="--peers"` fetches them, by coordinate and SHA-256. What each is told stands in the folder of
its name; nothing is tuned that is not said there. A peer that cannot be had is left out, and the bench says why.
"""
