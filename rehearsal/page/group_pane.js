// A group or a channel as one member sees it: who wrote, which topic, and what the member may do.

import { make, paintAvatar } from "/page/dom.js";
import { groupMenu } from "/page/group_menu.js";
import { Pane } from "/page/pane.js";
import { groupCallsOf } from "/page/server.js";
import { WORDS } from "/page/words.js";

export const GENERAL = 1;

export class GroupPane extends Pane {
  /** `group`: the server's view of it. */
  constructor(phone, group) {
    super(phone, groupCallsOf(group.id, phone.person.id));
    this.group = group;
    this.topic = GENERAL;
    this.messages = new Map();
    this.news = new Set();
    this.early = [];
    this.#dress();
  }

  get me() {
    return this.group.members.find((member) => member.id === this.phone.person.id);
  }

  get isAdmin() {
    return this.me !== undefined && this.me.status !== "member";
  }

  /** Reads the whole chat; what is told meanwhile is applied after it, in its order. */
  async load() {
    this.early = [];
    const done = await this.do(() => this.calls.chat());
    const early = this.early;
    this.early = null;
    if (done === null) return;
    this.group = done.answer.group;
    this.messages = new Map(done.answer.messages.map((message) => [message.message_id, message]));
    this.applyChat(done.answer);
    this.#dress();
    for (const [name, content] of early) this.gotEvent(name, content);
  }

  // What the server says.

  showMessages() {
    if (!this.group.forum) {
      this.log.sync([...this.messages.values()]);
      return;
    }
    this.log.sync([...this.messages.values()].filter((message) => this.#isHere(message)));
  }

  gotEvent(name, content) {
    if (this.early !== null) {
      this.early.push([name, content]);
      return;
    }
    if (name === "message") this.#gotMessage(content);
    if (name === "edit") this.#gotEdit(content);
    if (name === "delete") this.#gotDelete(content.message_id);
    if (name === "keyboard") this.setKeyboard(content);
    if (name === "changed") this.#gotChange(content);
  }

  #gotMessage(message) {
    this.messages.set(message.message_id, message);
    if (this.#isHere(message)) {
      this.log.add(message);
      return;
    }
    this.news.add(topicOf(message));
    this.#drawTopics();
  }

  #gotEdit(message) {
    this.messages.set(message.message_id, message);
    if (this.#isHere(message)) this.log.edit(message);
  }

  #gotDelete(id) {
    this.messages.delete(id);
    this.log.remove(id);
  }

  #gotChange(group) {
    const gone = this.group.topics.filter((old) => !group.topics.some((topic) => topic.id === old.id));
    this.group = group;
    for (const topic of gone) for (const [id, message] of this.messages) if (topicOf(message) === topic.id) this.#gotDelete(id);
    this.#dress();
    this.showDock();
  }

  #isHere(message) {
    return !this.group.forum || topicOf(message) === this.topic;
  }

  // What the kinds of chats decide.

  isOwn(message) {
    return message.author?.id === this.phone.person.id && this.group.kind !== "channel";
  }

  authorOf(message) {
    if (this.group.kind === "channel") return null;
    return message.from === "bot" ? { id: 0, name: this.phone.botName } : (message.author ?? null);
  }

  place() {
    const place = {};
    if (this.group.forum && this.topic !== GENERAL) place.topic = this.topic;
    if (this.replyTo !== null) place.reply_to = this.replyTo.message_id;
    return place;
  }

  menuItems() {
    return groupMenu(this);
  }

  messageActions(message) {
    if (message.kind === "service") return [];
    const reply = this.#mayWrite() ? [[WORDS.reply, () => this.setReply(message)]] : [];
    return [...reply, ...super.messageActions(message)];
  }

  placeholder() {
    if (this.group.kind === "channel") return WORDS.placeholderChannel;
    return this.me?.anonymous ? WORDS.placeholderAnonymous : WORDS.placeholder;
  }

  /** Chosen from the list in a group, a command names the bot it is for. */
  typed(command) {
    return this.group.kind === "channel" ? super.typed(command) : `/${command}@${this.phone.bot.username}`;
  }

  showDock() {
    if (!this.isLoaded) return;
    const mayWrite = this.#mayWrite();
    this.find(".composer").hidden = !mayWrite;
    const note = this.find(".note-bar");
    note.hidden = mayWrite;
    note.textContent = this.group.kind === "channel" ? WORDS.onlyReading : WORDS.onlyAdmins;
  }

  #mayWrite() {
    if (this.isAdmin) return true;
    const topic = this.group.topics.find((one) => one.id === this.topic);
    return this.group.kind !== "channel" && !this.group.muted && !topic?.closed;
  }

  #dress() {
    const { group } = this;
    const face = make("span", { class: "avatar" });
    paintAvatar(face, { id: Math.abs(group.id), name: group.title });
    this.find(".chat-face").replaceChildren(face);
    this.find(".chat-name").textContent = group.title;
    this.setStatus(statusOf(group));
    this.role("composer").placeholder = this.placeholder();
    this.#drawTopics();
  }

  // Topics: one is shown at a time.

  openTopic(id) {
    this.topic = id;
    this.news.delete(id);
    this.setReply(null);
    this.log.clear();
    this.showMessages();
    this.log.scrollToEnd();
    this.#drawTopics();
    this.showDock();
  }

  #drawTopics() {
    const { group } = this;
    const strip = this.find(".topics");
    strip.hidden = !group.forum;
    if (!group.forum) return;
    if (!group.topics.some((topic) => topic.id === this.topic)) {
      this.openTopic(GENERAL);
      return;
    }
    const tabs = group.topics.map((topic) =>
      make(
        "button",
        { type: "button", role: "tab", "aria-selected": String(topic.id === this.topic), data: { topic: topic.id }, onclick: () => this.openTopic(topic.id) },
        topic.id === GENERAL ? WORDS.generalTopic : topic.name,
        topic.closed ? make("span", { class: "topic-closed" }, WORDS.closedMark) : null,
        this.news.has(topic.id) ? make("span", { class: "unread-dot" }, make("span", { class: "vh" }, WORDS.newMessages)) : null,
      ),
    );
    strip.replaceChildren(...tabs);
    strip.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
}

const topicOf = (message) => message.thread || GENERAL;

function statusOf(group) {
  return `${WORDS.howMany(group.members.length)}, ${WORDS.standings[group.bot]}`;
}
