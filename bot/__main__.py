"""`python -m bot` is `hoithi`."""

from bot.cli import main

if __name__ == "__main__":
    main()
