"""What technicians read; placeholders of `messages/van-hanh.toml`."""

from collections.abc import Mapping

OPERATORS: Mapping[str, tuple[str, ...]] = {
    "system.failed": (),
    "alarm.begun": ("at", "machine", "text", "title"),
    "alarm.over": ("duration", "machine", "title"),
    "alarm.title_sql": (),
    "alarm.text_sql": ("seconds",),
    "alarm.title_redis": (),
    "alarm.text_redis": ("seconds",),
    "alarm.title_poller": (),
    "alarm.text_poller": (),
    "alarm.title_token": (),
    "alarm.text_token": (),
    "alarm.title_scheduler": (),
    "alarm.text_scheduler": ("seconds",),
    "alarm.title_clock": (),
    "alarm.text_clock": ("seconds",),
    "alarm.title_clock_back": (),
    "alarm.text_clock_back": ("seconds",),
    "alarm.title_disk": (),
    "alarm.text_disk": ("megabytes",),
    "alarm.title_counts": (),
    "alarm.text_counts": ("count",),
    "alarm.title_dead_letter": (),
    "alarm.text_dead_letter": ("count",),
    "alarm.title_outbox_dead": (),
    "alarm.text_outbox_dead": ("count",),
}
