"""A contest of 60 units in which any number of people took part, written by the database itself.

People, accounts, attempts and the buckets that follow from them; no answers, for a tally reads
none. Papers are taken by day, over a week, more in the evening; a third take a second one.
"""

# ruff: noqa: S608 (statements of numbers of our own)

from sqlalchemy import Connection, text

from scoring.instant import DAY_MS, HOUR_MS, Instant

UNITS = tuple(f"TDP-{number:02}" for number in range(1, 61))
OPENS = Instant(1_765_152_000_000)
CLOSES = Instant(OPENS - 7 * HOUR_MS + 7 * DAY_MS)
_LEAST = 8

# A hash of the number spreads people over units, days and hours the same in every run.
_ENDED = f"""
  {OPENS} + (abs(hashint8extended(n, {{seed}})) % 6) * {DAY_MS}
  + (CASE WHEN abs(hashint8extended(n, {{seed}} + 1)) % 2 = 0
     THEN abs(hashint8extended(n, {{seed}} + 2)) % 12 ELSE 10 + n % 4 END) * {HOUR_MS}
  + abs(hashint8extended(n, {{seed}} + 3)) % {HOUR_MS}
"""
_UNIT = "'TDP-' || lpad((1 + abs(hashint8extended(n, 7)) % 60)::text, 2, '0')"
_PEOPLE = f"""
INSERT INTO participant (number, name_box, born_box, phone_box, salt_box, phone_index,
  identity_index, unit, is_phone_verified, registered_at, registered_by, is_flagged)
SELECT n, b, b, b, b, decode(md5('p' || n), 'hex'), decode(md5('i' || n), 'hex'),
  {_UNIT}, true, {_ENDED.format(seed=11)} - 1200000, n,
  false
FROM generate_series(1, :people) n, decode(repeat('ab', 60), 'hex') b
"""
_ACCOUNTS = """
INSERT INTO account (id, channel, external_id, chat, person, is_reachable, created_at)
SELECT n, 'tg', n::text, n::text, n, true, 1 FROM generate_series(1, :people) n
"""
_HELPS = """
INSERT INTO account_person (account, person, relation, at)
SELECT n, n, 'own', 1 FROM generate_series(1, :people) n
"""
_ATTEMPTS = f"""
INSERT INTO attempt (person, number, account, paper, bank, rules, opened_at, due, wait_ms, extra_ms,
  guess_salt, ended_at, "end", correct, answered, duration_ms)
SELECT n, :number, n, repeat('x', 400), repeat('b', 64), repeat('r', 64), e - 600000, e + 300000, 0,
  0, decode(repeat('cd', 16), 'hex'), e, 6, 12, CASE WHEN n % 50 = 0 THEN 3 ELSE 15 END, 600000
FROM (SELECT n, {_ENDED.format(seed=11)} + (:number - 1) * {DAY_MS} AS e
      FROM generate_series(1, :people) n) x
WHERE n % :every = 0
"""
_BUCKETS = f"""
INSERT INTO unit_hour (unit, hour, registered, people, attempts)
SELECT unit, hour, sum(r), sum(p), sum(a) FROM (
  SELECT unit, registered_at / {HOUR_MS} * {HOUR_MS} AS hour, 1 AS r, 0 AS p, 0 AS a
  FROM participant
  UNION ALL
  SELECT p.unit, a.ended_at / {HOUR_MS} * {HOUR_MS}, 0, (a.number = 1)::int, 1
  FROM attempt a JOIN participant p ON p.number = a.person WHERE a.answered >= {_LEAST}
) x GROUP BY unit, hour
"""
_CHATS = """
INSERT INTO unit_chat (channel, chat, thread, unit, kind, state, can_send, at{more})
SELECT 'tg', '-' || n::text, 0, CASE WHEN n = 0 THEN '' ELSE 'TDP-' || lpad(n::text, 2, '0') END,
  'group', 'linked', true, 1{values} FROM generate_series(0, 60) n
"""
_BOXES = """
SELECT column_name FROM information_schema.columns
WHERE table_name = 'unit_chat' AND column_name LIKE '%\\_box'
"""


def fill(connection: Connection, people: int) -> None:
    """So many people, and all that a tally of them reads."""
    # The rows are consistent by their making: a million checks would prove nothing.
    connection.execute(text("SET LOCAL session_replication_role = replica"))
    for statement in (_PEOPLE, _ACCOUNTS, _HELPS):
        connection.execute(text(statement), {"people": people})
    for number, every in ((1, 1), (2, 3)):
        asked = {"people": people, "number": number, "every": every}
        connection.execute(text(_ATTEMPTS), asked)
    connection.execute(text(_BUCKETS))
    boxes = list(connection.execute(text(_BOXES)).scalars())
    more = "".join(f", {name}" for name in boxes)
    connection.execute(text(_CHATS.format(more=more, values=", ''::bytea" * len(boxes))))
    for table in ("participant", "account", "account_person", "attempt", "unit_hour", "unit_chat"):
        connection.execute(text(f"ANALYZE {table}"))
