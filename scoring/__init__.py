"""The contest's rules as pure functions: phase, attempts, grading, participation, ledger entries.

Time and chance come in as arguments; nothing here reads a clock, a file or a database.
"""
