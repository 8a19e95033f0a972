// One chat on a phone: its log, its text box, its menus. What differs between the private chat and
// a group is decided by PrivatePane and GroupPane.

import { askHowToSend, pickFile, PICTURE_TYPES } from "/page/attach.js";
import { wireComposer } from "/page/composer.js";
import { icon, make } from "/page/dom.js";
import { fillReplyKeyboard } from "/page/keyboards.js";
import { botLink } from "/page/links.js";
import { MessageLog } from "/page/messages.js";
import { attachMenu, openAlert, openSheet, showSnack } from "/page/overlay.js";
import { WORDS } from "/page/words.js";

const SPINNER_LIMIT_MS = 30_000;
const REFUSALS = { 403: WORDS.notAllowed, 413: WORDS.fileTooBig };

export class Pane {
  /** `phone`: person, bot, units, screen and the way to other chats. `calls`: the chat's. */
  constructor(phone, calls) {
    this.phone = phone;
    this.calls = calls;
    this.commands = [];
    this.keyboard = null;
    this.isLoaded = false;
    this.replyTo = null;
    this.taps = new Map();
    this.answered = new Set();
    this.element = document.querySelector("#pane").content.firstElementChild.cloneNode(true);
    this.log = new MessageLog(this.element, {
      press: (messageId, data) => this.tap(messageId, data),
      copy: (text) => this.copy(text),
      isOwn: (message) => this.isOwn(message),
      authorOf: (message) => this.authorOf(message),
      hasActions: (message) => this.messageActions(message).length > 0,
      openActions: (message) => this.openActions(message),
    });
    this.#wire();
  }

  find(selector) {
    return this.element.querySelector(selector);
  }

  role(name) {
    return this.find(`[data-role="${name}"]`);
  }

  get screen() {
    return this.phone.screen;
  }

  // What the kinds of chats decide.

  isOwn(message) {
    return message.from === "person";
  }

  /** The name above a bubble, or null where everybody knows. */
  authorOf() {
    return null;
  }

  /** The rest of a call that sends: the topic, the message replied to. */
  place() {
    return {};
  }

  menuItems() {
    return [];
  }

  attachItems() {
    return [
      ["photo", WORDS.photoFromHere, () => this.attachFile(PICTURE_TYPES)],
      ["file", WORDS.fileFromHere, () => this.attachFile("")],
    ];
  }

  messageActions(message) {
    return message.protected || message.kind === "service" ? [] : [[WORDS.forward, () => this.phone.forward(this, message)]];
  }

  pressReply(button) {
    return this.sendText(button.text);
  }

  showDock() {
    this.find(".composer").hidden = !this.isLoaded;
  }

  // What the server says.

  /** A chat read whole: `messages`, `reply_keyboard`, `commands`, `toasts`, `pending`. */
  applyChat(chat) {
    const log = this.find(".log");
    if (!this.isLoaded) log.setAttribute("aria-live", "off");
    this.showMessages(chat.messages ?? []);
    this.setKeyboard(chat.reply_keyboard ?? null);
    if (chat.commands) this.commands = chat.commands;
    const pending = new Set(chat.pending ?? []);
    for (const id of [...this.taps.keys()]) {
      if (pending.has(id)) continue;
      const toast = (chat.toasts ?? []).find((one) => one.callback_id === id);
      if (toast) this.showToast(toast);
      this.gotAnswer(id);
    }
    this.isLoaded = true;
    this.showDock();
    setTimeout(() => log.setAttribute("aria-live", "polite"), 300);
  }

  showMessages(messages) {
    this.log.sync(messages);
  }

  setStatus(text, isTrouble = false) {
    const status = this.find(".chat-status");
    status.textContent = text;
    status.classList.toggle("trouble", isTrouble);
  }

  showToast({ text, alert, show_alert: showAlert }) {
    if (!text) return;
    if (alert || showAlert) openAlert(this.screen, text);
    else showSnack(this.find(".snacks"), text);
  }

  gotAnswer(id) {
    const tap = this.taps.get(id);
    if (tap === undefined) {
      // The answer may come before the tap's own id, or be of another page's tap.
      if (this.answered.size > 200) this.answered.clear();
      this.answered.add(id);
      return;
    }
    this.taps.delete(id);
    clearTimeout(tap.timer);
    this.log.wait(tap.messageId, tap.data, false);
  }

  setUnread(count) {
    const badge = this.find(".back-count");
    badge.hidden = count === 0;
    badge.textContent = String(count);
    this.role("chats").setAttribute("aria-label", count ? WORDS.chatsWithNews(count) : WORDS.chats);
  }

  // What the person does.

  async do(call) {
    try {
      return { answer: await call() };
    } catch (error) {
      showSnack(this.find(".snacks"), REFUSALS[error.status] ?? WORDS.failed, "problem");
      return null;
    }
  }

  async tap(messageId, data) {
    if (this.log.isWaiting(messageId, data)) return;
    this.log.wait(messageId, data, true);
    const done = await this.do(() => this.calls.tap(messageId, data));
    const id = done?.answer?.callback_id;
    if (id === undefined || this.answered.delete(id)) {
      this.log.wait(messageId, data, false);
      return;
    }
    const timer = setTimeout(() => this.gotAnswer(id), SPINNER_LIMIT_MS);
    this.taps.set(id, { messageId, data, timer });
  }

  async sendText(text) {
    const place = this.place();
    const done = await this.do(() => this.calls.text(text, place));
    if (done) this.setReply(null);
    return done !== null;
  }

  /** A button of the bot that copies a text. */
  async copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      showSnack(this.find(".snacks"), WORDS.copied(text));
    } catch {
      showSnack(this.find(".snacks"), WORDS.notCopied(text));
    }
  }

  async attachFile(accept) {
    const file = await pickFile(this.role("file"), accept);
    if (file === null) return;
    const how = await askHowToSend(this.screen, file);
    if (how === null) return;
    const place = this.place();
    const done = await this.do(() => this.calls.upload(file, { ...how, ...place }));
    if (done) this.setReply(null);
  }

  setReply(message) {
    this.replyTo = message;
    this.find(".reply-bar").hidden = message === null;
    if (message === null) return;
    this.find(".reply-text").textContent = WORDS.replyingTo(message.text || WORDS.message);
    this.role("composer").focus();
  }

  async openActions(message) {
    const actions = this.messageActions(message);
    const buttons = actions.map(([label, act], index) => ({ label, act, value: index + 1 }));
    const chosen = await openSheet(this.screen, {
      title: WORDS.messageActions,
      text: (message.text || "").slice(0, 120),
      stacked: true,
      actions: [{ label: WORDS.cancel, value: 0 }, ...buttons],
    });
    if (chosen) await actions[chosen - 1][1]();
  }

  // The dock below the log.

  setKeyboard(keyboard) {
    const isSame = JSON.stringify(keyboard) === JSON.stringify(this.keyboard);
    if (isSame && this.isLoaded && keyboard !== null) return;
    this.keyboard = keyboard?.keyboard?.length ? keyboard : null;
    fillReplyKeyboard(this.find(".reply-keyboard"), this.keyboard, (button) => this.#pressReply(button));
    this.role("composer").placeholder = keyboard?.input_field_placeholder || this.placeholder();
    this.role("keyboard-toggle").hidden = this.keyboard === null;
    this.openKeyboard(this.keyboard !== null);
  }

  placeholder() {
    return WORDS.placeholder;
  }

  openKeyboard(isOpen) {
    this.find(".reply-keyboard").hidden = !isOpen;
    this.role("keyboard-toggle").setAttribute("aria-expanded", String(isOpen));
  }

  async #pressReply(button) {
    const isUsed = await this.pressReply(button);
    if (isUsed && this.keyboard?.one_time_keyboard) this.openKeyboard(false);
  }

  #wire() {
    attachMenu(this.role("menu"), this.find(".more-menu"), () => this.#fillMenu());
    attachMenu(this.role("attach"), this.find(".attach-menu"), () => this.#fillAttach());
    attachMenu(this.role("commands"), this.find(".command-menu"), () => this.#fillCommands());
    this.role("chats").addEventListener("click", () => this.phone.showChats());
    this.role("reply-cancel").addEventListener("click", () => this.setReply(null));
    this.role("keyboard-toggle").addEventListener("click", () => this.openKeyboard(this.find(".reply-keyboard").hidden));
    this.find(".log").addEventListener("click", (event) => this.#pressLink(event));
    wireComposer(this.find(".composer"), (text) => this.sendText(text));
  }

  #pressLink(event) {
    const command = event.target.closest(".command-link");
    if (command) {
      this.sendText(command.dataset.command);
      return;
    }
    const address = event.target.closest("a[href]")?.href;
    const link = address ? botLink(address, this.phone.bot.username) : null;
    if (link === null) return;
    event.preventDefault();
    this.phone.follow(link);
  }

  #fillMenu() {
    const items = this.menuItems().map(([label, act, role]) => menuItem(null, label, act, role));
    this.find(".more-menu").replaceChildren(...items);
  }

  #fillAttach() {
    const items = this.attachItems().map(([sign, label, act]) => menuItem(icon(sign), label, act, `attach-${sign}`));
    this.find(".attach-menu").replaceChildren(...items);
  }

  #fillCommands() {
    const items = this.commands.map(({ command, description }) =>
      make(
        "button",
        { type: "button", role: "menuitem", data: { command: `/${command}` }, onclick: () => this.sendText(this.typed(command)) },
        make("span", { class: "command-name" }, `/${command}`),
        make("span", { class: "command-description" }, description),
      ),
    );
    this.find(".command-menu").replaceChildren(...(items.length ? items : [make("p", {}, WORDS.noCommands)]));
  }

  /** How a command chosen from the list is typed. */
  typed(command) {
    return `/${command}`;
  }
}

function menuItem(sign, label, act, role) {
  return make("button", { type: "button", role: "menuitem", data: { role }, onclick: act }, sign, label);
}
