// One person's phone: the line to the server, the chats of this person, and which one is open.

import { ChatList } from "/page/chat_list.js";
import { nameOf, paintAvatar, spacedPhone } from "/page/dom.js";
import { GroupPane } from "/page/group_pane.js";
import { askForChat, askForGroup, askHowToAdd } from "/page/group_sheets.js";
import { Line } from "/page/line.js";
import { showSnack } from "/page/overlay.js";
import { PrivatePane } from "/page/private_pane.js";
import { addGroup, callsOf, groupCallsOf } from "/page/server.js";
import { WORDS } from "/page/words.js";

export class Phone {
  /** `hooks`: hide(id), heard(id) when the bot wrote, people() that there are. */
  constructor(person, bot, units, hooks) {
    this.person = person;
    this.bot = bot;
    this.units = units;
    this.hooks = hooks;
    this.calls = callsOf(person.id);
    this.groups = new Map();
    this.unread = 0;
    this.element = document.querySelector("#phone").content.firstElementChild.cloneNode(true);
    this.screen = this.element.querySelector(".screen");
    this.pane = new PrivatePane(this);
    this.list = new ChatList(this);
    this.open = null;
    this.#show(this.pane);
    this.line = new Line(this.calls, this.#listeners());
    this.#dress();
  }

  get botName() {
    return this.bot.name || WORDS.bot;
  }

  connect() {
    this.line.connect();
  }

  disconnect() {
    this.line.disconnect();
  }

  /** Presses Start in the private chat. */
  start(payload) {
    return this.pane.start(payload);
  }

  // What the server says.

  #listeners() {
    return {
      chat: (chat) => this.#apply(chat),
      lost: () => this.#setStatus(WORDS.connecting),
      back: () => this.#setStatus(""),
      gone: () => this.#gone(),
      events: {
        message: (message) => this.#gotMessage(message),
        edit: (message) => this.pane.log.edit(message),
        delete: ({ message_id: id }) => this.pane.log.remove(id),
        toast: (toast) => this.#gotToast(toast),
        answered: ({ callback_id: id }) => this.#panes().forEach((pane) => pane.gotAnswer(id)),
        keyboard: (keyboard) => this.pane.setKeyboard(keyboard),
        commands: (commands) => (this.pane.commands = commands ?? []),
        group: (told) => this.#gotGroup(told),
      },
    };
  }

  #apply(chat) {
    this.pane.apply(chat);
    const known = this.groups;
    this.groups = new Map();
    for (const { last, ...group } of chat.groups ?? []) this.groups.set(group.id, { group, last, unread: known.get(group.id)?.unread ?? 0 });
    if (this.#groupPane) {
      if (this.groups.has(this.#groupPane.group.id)) this.#groupPane.load();
      else this.showChats();
    }
    this.#draw();
  }

  #setStatus(text) {
    this.pane.setStatus(text);
    if (this.#groupPane && text) this.#groupPane.setStatus(text, true);
  }

  #gone() {
    this.#setStatus(WORDS.goneShort);
    showSnack(this.pane.find(".snacks"), WORDS.gone, "problem");
  }

  #gotMessage(message) {
    this.pane.gotMessage(message);
    if (message.from === "bot") this.hooks.heard(this.person.id);
    if (this.open !== this.pane && message.from === "bot") this.unread += 1;
    this.#draw();
  }

  #gotToast(toast) {
    const shown = this.#groupPane ?? this.pane;
    if (toast.callback_id !== undefined) this.#panes().forEach((pane) => pane.gotAnswer(toast.callback_id));
    shown.showToast(toast);
  }

  #gotGroup({ chat_id: id, event, content }) {
    if (event === "left" || (event === "changed" && !content.active)) {
      this.#dropGroup(id, content?.moved_to ?? null);
      return;
    }
    const entry = this.groups.get(id) ?? { group: null, last: null, unread: 0 };
    const pane = this.#groupPane?.group.id === id ? this.#groupPane : null;
    if (event === "changed") entry.group = content;
    // Words of a group come before its view only if this page missed the view: it is read again.
    if (entry.group === null) return;
    if (event === "message") this.#countMessage(entry, content, pane);
    this.groups.set(id, entry);
    pane?.gotEvent(event, content);
    this.#draw();
  }

  #countMessage(entry, message, pane) {
    entry.last = message;
    if (message.from === "bot") this.hooks.heard(this.person.id);
    if (pane === null && message.author?.id !== this.person.id) entry.unread += 1;
  }

  #dropGroup(id, movedTo) {
    const isOpen = this.#groupPane?.group.id === id;
    this.groups.delete(id);
    if (isOpen && this.groups.has(movedTo)) this.openGroup(movedTo);
    else if (isOpen) this.showChats();
    this.#draw();
  }

  // Which chat is open.

  showChats() {
    this.#show(this.list);
  }

  openBot() {
    this.unread = 0;
    this.#show(this.pane);
  }

  async openGroup(id) {
    const entry = this.groups.get(id);
    if (entry === undefined) return null;
    entry.unread = 0;
    const pane = new GroupPane(this, entry.group);
    this.#show(pane);
    await pane.load();
    return pane;
  }

  get #groupPane() {
    return this.open instanceof GroupPane ? this.open : null;
  }

  #panes() {
    return this.#groupPane ? [this.pane, this.#groupPane] : [this.pane];
  }

  #show(part) {
    this.open = part;
    this.screen.querySelector(".panes").replaceChildren(part.element);
    if (part === this.pane) this.pane.log.settle();
    this.#draw();
  }

  #draw() {
    if (!this.list) return;
    const others = [...this.groups.values()].reduce((sum, { unread }) => sum + unread, 0);
    if (this.open === this.list) this.list.draw();
    else this.open.setUnread(others + this.unread);
  }

  // Ways between chats.

  async makeGroup(kind) {
    const asked = await askForGroup(this, kind);
    if (asked === null) return null;
    const made = await this.#try(() => addGroup({ ...asked, by: this.person.id }));
    if (made === null) return null;
    const known = this.groups.get(made.id);
    this.groups.set(made.id, { group: made, last: known?.last ?? null, unread: 0 });
    return this.openGroup(made.id);
  }

  /** From the bot's own menu or its link: first the group is chosen. */
  async addBotToGroup(link = {}) {
    const groups = [...this.groups.values()].map(({ group }) => group).filter(({ kind }) => kind !== "channel");
    const chosen = await askForChat(this, { title: WORDS.whichGroup, groups, withNew: true });
    if (chosen === null) return;
    const pane = chosen === "new" ? await this.makeGroup("group") : await this.openGroup(chosen.id);
    if (pane) await this.addBotTo(pane, link);
  }

  async addBotTo(pane, link = {}) {
    const how = await askHowToAdd(this, pane.group, link);
    if (how) await pane.do(() => pane.calls.act("bot/add", how));
  }

  /** A deep link to the bot that somebody pressed. */
  async follow({ kind, code, admin }) {
    if (kind === "startgroup") {
      await this.addBotToGroup({ code, admin });
      return;
    }
    this.openBot();
    await this.start(code);
  }

  async forward(pane, message) {
    const groups = [...this.groups.values()].map(({ group }) => group);
    const chosen = await askForChat(this, { title: WORDS.forwardTo, groups, withBot: true });
    if (chosen === null) return;
    const target = chosen === "bot" ? this.person.id : chosen.id;
    const source = pane === this.pane ? this.person.id : pane.group.id;
    const asked = { message_id: message.message_id, from_chat: source, to_chat: target };
    const done = await pane.do(() => this.calls.forward(asked));
    if (!done) return;
    if (chosen === "bot") this.openBot();
    else await this.openGroup(target);
  }

  async #try(call) {
    try {
      return await call();
    } catch {
      showSnack(this.pane.find(".snacks"), WORDS.failed, "problem");
      return null;
    }
  }

  #dress() {
    const { element, person } = this;
    element.dataset.person = String(person.id);
    element.setAttribute("aria-label", WORDS.chatOf(nameOf(person)));
    this.pane.find(".log").setAttribute("aria-label", WORDS.messagesOf(nameOf(person)));
    paintAvatar(element.querySelector(".caption .avatar"), person);
    element.querySelector(".caption-name").textContent = nameOf(person);
    element.querySelector(".caption-phone").textContent = spacedPhone(person.phone);
  }
}
