"""Lists of units as files people write and read; what a list does to people is the store's."""
