"""The store's side of `handlers.office`: one place that puts the ports together."""

from handlers.office import Office
from store.house import Store


def office_of(store: Store) -> Office:
    return Office(
        audit=store.audit,
        broadcasts=store.broadcasts,
        roles=store.roles,
        invitations=store.invitations,
        exclusions=store.exclusions,
        proposals=store.proposals,
        window_decisions=store.window_decisions,
        glances=store.glances,
        statistics=store.statistics,
        persons=store.persons,
        corrections=store.corrections,
        voids=store.voids,
        extra_times=store.extra_times,
        counts=store.counts,
        unit_chats=store.unit_chats,
        group_pace=store.group_pace,
        finishers=store.finishers,
        links=store.file_links,
        uploads=store.uploads,
        tallies=store.tallies,
        reminders=store.reminders,
    )
