"""The store's side of `handlers.office`: one place that puts the ports together."""

from handlers.office import Office
from store.house import Store


def office_of(store: Store) -> Office:
    return Office(audit=store.audit, links=store.file_links, uploads=store.uploads)
