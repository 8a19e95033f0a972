"""aiohttp: webhooks, health, the rehearsal's clock, the rules page. Knows HTTP, decides nothing."""
