"""Files into banks: the edge of `question_bank`, which alone here reads files."""
