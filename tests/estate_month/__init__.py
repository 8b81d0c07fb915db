"""A month of a residential estate and a hospital, whose report must equal what really happened.

Two sites are made from their templates. Eight phones walk by a story that a seed foretells, through the
real protocol: on time, late, in part, not at all, with stops skipped and rounds excused; clocks are off or
set, networks are gone for days, one phone is never heard again, one brings a fortnight after the period
was closed. `oracle` judges the story itself, sorted by true time, by its own few lines, and knows nothing
of the server's. The report must say the same wherever the evidence suffices, and elsewhere no more than
the truth.
"""
