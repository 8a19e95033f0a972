"""The process: settings, wiring, command line, platforms and delivery.

Everything is put together here and nothing is decided: the rules stand in the inner packages.
"""
