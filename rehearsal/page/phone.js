// One person's phone: the chat's state from the server, and what the person can do there.

import { wireComposer } from "/page/composer.js";
import { make, nameOf, paintAvatar, spacedPhone } from "/page/dom.js";
import { fillReplyKeyboard } from "/page/keyboards.js";
import { Line } from "/page/line.js";
import { MessageLog } from "/page/messages.js";
import { attachMenu, openAlert, openSheet, showSnack } from "/page/overlay.js";
import { callsOf } from "/page/server.js";
import { fillUnits } from "/page/units.js";
import { WORDS } from "/page/words.js";

const SPINNER_LIMIT_MS = 30_000;

export class Phone {
  /** `hooks`: hide(id), heard(id) when the bot wrote. */
  constructor(person, bot, units, hooks) {
    this.person = person;
    this.bot = bot;
    this.units = units;
    this.hooks = hooks;
    this.calls = callsOf(person.id);
    this.commands = bot.commands ?? [];
    this.keyboard = null;
    this.isBlocked = Boolean(person.blocked);
    this.isLoaded = false;
    this.taps = new Map();
    this.answered = new Set();
    this.element = document.querySelector("#phone").content.firstElementChild.cloneNode(true);
    this.screen = this.find(".screen");
    this.log = new MessageLog(this.element, (messageId, data) => this.tap(messageId, data));
    this.line = new Line(this.calls, this.#listeners());
    this.#dress();
    this.#wire();
  }

  find(selector) {
    return this.element.querySelector(selector);
  }

  role(name) {
    return this.find(`[data-role="${name}"]`);
  }

  connect() {
    this.line.connect();
  }

  disconnect() {
    this.line.disconnect();
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
        edit: (message) => this.log.edit(message),
        delete: ({ message_id: id }) => this.log.remove(id),
        toast: (toast) => this.#gotToast(toast),
        answered: ({ callback_id: id }) => this.#gotAnswer(id),
        keyboard: (keyboard) => this.setKeyboard(keyboard),
        commands: (commands) => this.setCommands(commands),
      },
    };
  }

  #apply(chat) {
    const log = this.find(".log");
    if (!this.isLoaded) log.setAttribute("aria-live", "off");
    this.isBlocked = chat.person?.blocked ?? this.isBlocked;
    this.log.sync(chat.messages ?? []);
    this.setKeyboard(chat.reply_keyboard ?? null);
    if (chat.commands?.length) this.setCommands(chat.commands);
    const pending = new Set(chat.pending ?? []);
    for (const id of [...this.taps.keys()]) {
      if (pending.has(id)) continue;
      const toast = (chat.toasts ?? []).find((one) => one.callback_id === id);
      if (toast) this.#gotToast(toast);
      this.#gotAnswer(id);
    }
    this.isLoaded = true;
    this.#showDock();
    setTimeout(() => log.setAttribute("aria-live", "polite"), 300);
  }

  #gone() {
    this.#setStatus(WORDS.goneShort);
    showSnack(this.find(".snacks"), WORDS.gone, "problem");
  }

  #setStatus(text) {
    const status = this.find(".chat-status");
    status.textContent = text || (this.isBlocked ? WORDS.blocked : WORDS.online);
    status.classList.toggle("trouble", text !== "");
  }

  #gotMessage(message) {
    this.log.add(message);
    if (message.from === "bot") this.hooks.heard(this.person.id);
    this.#showDock();
  }

  #gotToast({ text, alert, show_alert: showAlert, callback_id: id }) {
    if (id !== undefined) this.#gotAnswer(id);
    if (!text) return;
    if (alert || showAlert) openAlert(this.screen, text);
    else showSnack(this.find(".snacks"), text);
  }

  #gotAnswer(id) {
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

  // What the person does.

  async #do(call) {
    try {
      return { answer: await call() };
    } catch {
      showSnack(this.find(".snacks"), WORDS.failed, "problem");
      return null;
    }
  }

  async tap(messageId, data) {
    if (this.log.isWaiting(messageId, data)) return;
    this.log.wait(messageId, data, true);
    const done = await this.#do(() => this.calls.tap(messageId, data));
    const id = done?.answer?.callback_id;
    if (id === undefined || this.answered.delete(id)) {
      this.log.wait(messageId, data, false);
      return;
    }
    const timer = setTimeout(() => this.#gotAnswer(id), SPINNER_LIMIT_MS);
    this.taps.set(id, { messageId, data, timer });
  }

  async sendText(text) {
    return (await this.#do(() => this.calls.text(text))) !== null;
  }

  async start(payload) {
    const button = this.role("start");
    button.disabled = true;
    const done = await this.#do(() => this.calls.start(payload));
    button.disabled = false;
    if (!done || !this.isBlocked) return;
    this.isBlocked = false;
    this.#setStatus("");
    this.#showDock();
  }

  async shareContact() {
    const phone = spacedPhone(this.person.phone);
    const bot = this.#botName();
    const isShared = await openSheet(this.screen, {
      title: WORDS.shareTitle,
      text: phone ? WORDS.shareText(phone, bot) : WORDS.shareTextNoPhone(bot),
      actions: [
        { label: WORDS.cancel, value: false, role: "share-contact-cancel" },
        { label: WORDS.share, value: true, role: "share-contact-confirm", main: true },
      ],
    });
    if (!isShared) return;
    const done = await this.#do(() => this.calls.contact());
    if (done) this.#usedKeyboard();
  }

  async scan() {
    const select = make("select", { "aria-label": WORDS.scanTitle, data: { role: "scan-unit" } });
    fillUnits(select, this.units, null);
    const isChosen = await openSheet(this.screen, {
      title: WORDS.scanTitle,
      text: WORDS.scanText,
      content: select,
      actions: [
        { label: WORDS.cancel, value: false },
        { label: WORDS.scan, value: true, role: "scan-confirm", main: true },
      ],
    });
    if (isChosen && select.value) await this.start(select.value);
  }

  async setBlocked(blocks) {
    if (blocks) {
      const isSure = await openSheet(this.screen, {
        title: WORDS.blockTitle,
        text: WORDS.blockText,
        actions: [
          { label: WORDS.cancel, value: false },
          { label: WORDS.block, value: true, role: "block-confirm", main: true },
        ],
      });
      if (!isSure) return;
    }
    const done = await this.#do(() => (blocks ? this.calls.block() : this.calls.unblock()));
    if (!done) return;
    this.isBlocked = blocks;
    this.#setStatus("");
    this.#showDock();
  }

  // The dock below the log.

  setCommands(commands) {
    this.commands = commands ?? [];
  }

  setKeyboard(keyboard) {
    const isSame = JSON.stringify(keyboard) === JSON.stringify(this.keyboard);
    if (isSame && this.isLoaded && keyboard !== null) return;
    this.keyboard = keyboard?.keyboard?.length ? keyboard : null;
    fillReplyKeyboard(this.find(".reply-keyboard"), this.keyboard, (button) => this.#pressReply(button));
    this.role("composer").placeholder = keyboard?.input_field_placeholder || WORDS.placeholder;
    this.role("keyboard-toggle").hidden = this.keyboard === null;
    this.#openKeyboard(this.keyboard !== null);
  }

  #openKeyboard(isOpen) {
    this.find(".reply-keyboard").hidden = !isOpen;
    this.role("keyboard-toggle").setAttribute("aria-expanded", String(isOpen));
  }

  #usedKeyboard() {
    if (this.keyboard?.one_time_keyboard) this.#openKeyboard(false);
  }

  async #pressReply(button) {
    if (button.request_contact) return this.shareContact();
    if (await this.sendText(button.text)) this.#usedKeyboard();
    return undefined;
  }

  #showDock() {
    if (!this.isLoaded) return;
    const isEmpty = this.log.isEmpty;
    this.find(".welcome").hidden = !isEmpty;
    this.find(".start-bar").hidden = !isEmpty || this.isBlocked;
    this.find(".blocked-bar").hidden = !this.isBlocked;
    this.find(".composer").hidden = isEmpty || this.isBlocked;
    this.find(".reply-keyboard").classList.toggle("off", isEmpty || this.isBlocked);
    this.role("block").hidden = this.isBlocked;
    this.role("unblock").hidden = !this.isBlocked;
  }

  #botName() {
    return this.bot.name || WORDS.bot;
  }

  #dress() {
    const { element, person } = this;
    element.dataset.person = String(person.id);
    element.setAttribute("aria-label", WORDS.chatOf(nameOf(person)));
    this.find(".log").setAttribute("aria-label", WORDS.messagesOf(nameOf(person)));
    paintAvatar(this.find(".caption .avatar"), person);
    this.find(".caption-name").textContent = nameOf(person);
    this.find(".caption-phone").textContent = spacedPhone(person.phone);
    element.querySelectorAll(".bot-name").forEach((title) => (title.textContent = this.#botName()));
    this.find(".bot-description").textContent = this.bot.description || WORDS.botDescription;
    this.role("composer").placeholder = WORDS.placeholder;
    fillUnits(this.role("unit"), this.units, WORDS.noUnit);
    this.find(".unit-label").hidden = this.units.length === 0;
    this.role("scan").hidden = this.units.length === 0;
    this.#setStatus("");
  }

  #wire() {
    const on = (name, act) => this.role(name).addEventListener("click", act);
    attachMenu(this.role("menu"), this.find(".more-menu"));
    attachMenu(this.role("attach"), this.find(".attach-menu"));
    attachMenu(this.role("commands"), this.find(".command-menu"), () => this.#fillCommands());
    on("scan", () => this.scan());
    on("restart", () => this.start());
    on("block", () => this.setBlocked(true));
    on("unblock", () => this.setBlocked(false));
    on("unblock-bar", () => this.setBlocked(false));
    on("hide", () => this.hooks.hide(this.person.id));
    for (const kind of ["sticker", "voice", "photo"]) on(kind, () => this.#do(() => this.calls.send(kind)));
    on("keyboard-toggle", () => this.#openKeyboard(this.find(".reply-keyboard").hidden));
    on("start", () => this.start(this.role("unit").value));
    this.role("unit").addEventListener("change", ({ target }) => {
      this.role("start").textContent = target.value ? WORDS.startScanned : WORDS.start;
    });
    this.find(".log").addEventListener("click", ({ target }) => {
      const link = target.closest(".command-link");
      if (link) this.sendText(link.dataset.command);
    });
    wireComposer(this.find(".composer"), (text) => this.sendText(text));
  }

  #fillCommands() {
    const items = this.commands.map(({ command, description }) =>
      make(
        "button",
        { type: "button", role: "menuitem", data: { command: `/${command}` }, onclick: () => this.sendText(`/${command}`) },
        make("span", { class: "command-name" }, `/${command}`),
        make("span", { class: "command-description" }, description),
      ),
    );
    this.find(".command-menu").replaceChildren(...(items.length ? items : [make("p", {}, WORDS.noCommands)]));
  }
}
