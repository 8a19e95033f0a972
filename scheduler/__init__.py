"""What happens by the clock: opening, closing, expiries, nudges. The calendar is the truth."""
