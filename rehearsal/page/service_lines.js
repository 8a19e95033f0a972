// The lines a chat itself writes: who came and went, topics, upgrades. Of Telegram's own fields.

import { WORDS } from "/page/words.js";

/** The sentence of a service message; null if it has none. */
export function serviceLine({ service = {}, author }) {
  const who = author?.name ?? WORDS.someone;
  const nameOf = (user) => [user.first_name, user.last_name].filter(Boolean).join(" ");
  if (service.new_chat_members) {
    const names = service.new_chat_members.map(nameOf).join(", ");
    return WORDS.lineAdded(who, names);
  }
  if (service.left_chat_member) {
    const name = nameOf(service.left_chat_member);
    return name === who ? WORDS.lineLeft(who) : WORDS.lineRemoved(who, name);
  }
  if (service.group_chat_created || service.supergroup_chat_created) return WORDS.lineGroupMade(who);
  if (service.channel_chat_created) return WORDS.lineChannelMade;
  if (service.migrate_to_chat_id || service.migrate_from_chat_id) return WORDS.lineUpgraded;
  if (service.forum_topic_created) return WORDS.lineTopicOpened(who, service.forum_topic_created.name);
  if (service.forum_topic_closed) return WORDS.lineTopicClosed(who);
  if (service.forum_topic_reopened) return WORDS.lineTopicReopened(who);
  return null;
}
