"""The questions: what one is, how a bank is committed to, and how a paper is drawn from it.

Pure, except `importers/`, which reads files; nothing pure imports that.
"""
