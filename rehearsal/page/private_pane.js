// A person's private chat with the bot: Start, the phone number, blocking.

import { icon, make, spacedPhone } from "/page/dom.js";
import { openSheet } from "/page/overlay.js";
import { Pane } from "/page/pane.js";
import { fillUnits } from "/page/units.js";
import { WORDS } from "/page/words.js";

export class PrivatePane extends Pane {
  constructor(phone) {
    super(phone, phone.calls);
    this.isBlocked = Boolean(phone.person.blocked);
    this.commands = phone.bot.commands ?? [];
    this.#dress();
    this.role("start").addEventListener("click", () => this.start(this.role("unit").value));
    this.role("unblock-bar").addEventListener("click", () => this.setBlocked(false));
    this.role("unit").addEventListener("change", ({ target }) => {
      this.role("start").textContent = target.value ? WORDS.startScanned : WORDS.start;
    });
  }

  menuItems() {
    const { phone } = this;
    return [
      phone.units.length > 0 && [WORDS.scanItem, () => this.scan(), "scan"],
      [WORDS.restart, () => this.start(), "restart"],
      [WORDS.addBotToGroup, () => phone.addBotToGroup(), "add-bot"],
      this.isBlocked ? [WORDS.unblock, () => this.setBlocked(false), "unblock"] : [WORDS.blockItem, () => this.setBlocked(true), "block"],
      [WORDS.hidePerson, () => phone.hooks.hide(phone.person.id), "hide"],
    ].filter(Boolean);
  }

  attachItems() {
    return [
      ...super.attachItems(),
      ["sticker", WORDS.sticker, () => this.do(() => this.calls.send("sticker"))],
      ["voice", WORDS.voice, () => this.do(() => this.calls.send("voice"))],
    ];
  }

  apply(chat) {
    this.isBlocked = chat.person?.blocked ?? this.isBlocked;
    this.applyChat({ ...chat, commands: chat.commands?.length ? chat.commands : undefined });
  }

  gotMessage(message) {
    this.log.add(message);
    this.showDock();
  }

  setStatus(text, isTrouble = text !== "") {
    super.setStatus(text || (this.isBlocked ? WORDS.blocked : WORDS.online), isTrouble);
  }

  async start(payload) {
    const button = this.role("start");
    button.disabled = true;
    const done = await this.do(() => this.calls.start(payload));
    button.disabled = false;
    if (!done || !this.isBlocked) return;
    this.isBlocked = false;
    this.setStatus("");
    this.showDock();
  }

  pressReply(button) {
    return button.request_contact ? this.shareContact() : super.pressReply(button);
  }

  async shareContact() {
    const phone = spacedPhone(this.phone.person.phone);
    const bot = this.phone.botName;
    const isShared = await openSheet(this.screen, {
      title: WORDS.shareTitle,
      text: phone ? WORDS.shareText(phone, bot) : WORDS.shareTextNoPhone(bot),
      actions: [
        { label: WORDS.cancel, value: false, role: "share-contact-cancel" },
        { label: WORDS.share, value: true, role: "share-contact-confirm", main: true },
      ],
    });
    if (!isShared) return false;
    return (await this.do(() => this.calls.contact())) !== null;
  }

  async scan() {
    const select = make("select", { "aria-label": WORDS.scanTitle, data: { role: "scan-unit" } });
    fillUnits(select, this.phone.units, null);
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
    const done = await this.do(() => (blocks ? this.calls.block() : this.calls.unblock()));
    if (!done) return;
    this.isBlocked = blocks;
    this.setStatus("");
    this.showDock();
  }

  showDock() {
    if (!this.isLoaded) return;
    const isEmpty = this.log.isEmpty;
    this.find(".welcome").hidden = !isEmpty;
    this.find(".start-bar").hidden = !isEmpty || this.isBlocked;
    this.find(".blocked-bar").hidden = !this.isBlocked;
    this.find(".composer").hidden = isEmpty || this.isBlocked;
    this.find(".reply-keyboard").classList.toggle("off", isEmpty || this.isBlocked);
  }

  #dress() {
    const { element, phone } = this;
    this.find(".chat-face").append(icon("mark", "chat-mark"));
    this.find(".chat-name").textContent = phone.botName;
    element.querySelectorAll(".bot-name").forEach((title) => (title.textContent = phone.botName));
    this.find(".bot-description").textContent = phone.bot.description || WORDS.botDescription;
    this.role("composer").placeholder = WORDS.placeholder;
    fillUnits(this.role("unit"), phone.units, WORDS.noUnit);
    this.find(".unit-label").hidden = phone.units.length === 0;
    this.setStatus("");
  }
}
