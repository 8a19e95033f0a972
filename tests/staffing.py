"""Gives and takes roles in tests, straight in the table."""

from sqlalchemy import Connection, insert, select, update

from handlers.records import AccountId
from store.sql import Database
from store.tables import ACCOUNT, ROLE


async def appoint(database: Database, sender: str, *roles: str, unit: str = "") -> AccountId:
    """Give roles to who speaks as `sender`; the account."""

    def write(connection: Connection) -> AccountId:
        asked = select(ACCOUNT.c.id).where(ACCOUNT.c.external_id == sender)
        account = connection.execute(asked).scalar_one()
        for role in roles:
            values = {"account": account, "role": role, "unit": unit, "granted_at": 0}
            connection.execute(
                insert(ROLE).values(
                    **values,
                    name_box=b"",
                    phone_box=b"",
                    phone_index=b"",
                    is_phone_verified=False,
                )
            )
        return AccountId(account)

    return await database.write(write)


async def dismiss(database: Database, account: AccountId) -> None:
    """Withdraw all roles of an account."""
    withdrawn = update(ROLE).where(ROLE.c.account == account).values(withdrawn_at=1)
    await database.write(lambda connection: connection.execute(withdrawn))
