"""Pure rules of conformity assessment: facts and dates in, reasoned verdicts out.

Nothing in this package reads a database, a clock or a request, so every answer
can be recomputed for any day from the facts that the register held.
"""
