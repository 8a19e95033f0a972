"""How fast the bot is, as ratios to well-known bots measured in the same run (`make bench`)."""
