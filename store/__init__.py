"""What is kept, and where: the only package that knows SQL and Redis.

`store.house.open_store` opens everything; SQL holds what may never be lost, Redis what may be
rebuilt (FAULTS R5). Nothing here decides a rule of the contest.
"""
