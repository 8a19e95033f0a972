"""What leaves the system as pages and files: so far the rules, from their Markdown source."""
