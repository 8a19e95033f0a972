"""`python -m benchmarks`: see --help."""

from benchmarks.cli import app

if __name__ == "__main__":
    app()
