// The log of one chat: bubbles, edited in place, and where the eye is kept while they change.

import { dayOf, icon, make, sizeOf, timeOf } from "/page/dom.js";
import { inlineKeyboard, showWaiting } from "/page/keyboards.js";
import { plainText, safeAddress, safeHtml } from "/page/safe_html.js";
import { WORDS } from "/page/words.js";

const NEAR_END_PX = 56;

export class MessageLog {
  /** `root` holds .log, .messages and .to-end; `press(messageId, data)` is an inline button's. */
  constructor(root, press) {
    this.box = root.querySelector(".log");
    this.list = root.querySelector(".messages");
    this.toEnd = root.querySelector(".to-end");
    this.press = press;
    this.known = new Map();
    this.waiting = new Set();
    this.unseen = 0;
    this.isAtEnd = true;
    this.height = 0;
    this.box.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.toEnd.addEventListener("click", () => {
      this.scrollToEnd();
      this.box.focus({ preventScroll: true });
    });
    const sizes = new ResizeObserver(() => this.#resized());
    sizes.observe(this.box);
    sizes.observe(this.list);
  }

  get isEmpty() {
    return this.known.size === 0;
  }

  /** Makes the log what the server says, touching only what differs. */
  sync(messages) {
    const isFirst = this.isEmpty;
    const present = messages.filter((message) => !message.deleted);
    const ids = new Set(present.map((message) => message.message_id));
    this.#keepingPlace(() => {
      for (const id of [...this.known.keys()]) if (!ids.has(id)) this.#drop(id);
      for (const message of present) this.#put(message, !isFirst);
    });
    if (isFirst) this.scrollToEnd();
  }

  add(message) {
    const isNew = !this.known.has(message.message_id);
    const isOwn = message.from === "person";
    this.#keepingPlace(() => this.#put(message, true));
    if (!isNew) return;
    if (isOwn) this.scrollToEnd();
    else if (!this.isAtEnd) this.unseen += 1;
    this.#look();
  }

  edit(change) {
    const before = this.known.get(change.message_id)?.message;
    if (before === undefined && change.from === undefined) return;
    this.#keepingPlace(() => this.#put({ ...before, ...change, edited: change.edited ?? true }, true));
  }

  remove(id) {
    this.#keepingPlace(() => this.#drop(id));
  }

  /** Marks or frees the button (`messageId`, `data`). */
  wait(messageId, data, waits) {
    const key = keyOf(messageId, data);
    if (waits) this.waiting.add(key);
    else this.waiting.delete(key);
    showWaiting(this.#button(messageId, data), waits);
  }

  isWaiting(messageId, data) {
    return this.waiting.has(keyOf(messageId, data));
  }

  scrollToEnd() {
    this.box.scrollTop = this.box.scrollHeight;
    this.isAtEnd = true;
    this.unseen = 0;
    this.#look();
  }

  #button(messageId, data) {
    const buttons = this.known.get(messageId)?.element.querySelectorAll("[data-callback]") ?? [];
    return [...buttons].find((button) => button.dataset.callback === data);
  }

  /** A keyboard that opens also scrolls the log: that is not the reader leaving the end. */
  #scrolled() {
    if (this.box.clientHeight === this.height) this.#look();
    else this.#resized();
  }

  #resized() {
    this.height = this.box.clientHeight;
    if (this.isAtEnd) this.scrollToEnd();
    else this.#look();
  }

  #look() {
    const { scrollHeight, scrollTop, clientHeight } = this.box;
    if (clientHeight === 0) return;
    this.isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    if (this.isAtEnd) this.unseen = 0;
    this.toEnd.hidden = this.isAtEnd;
    const count = this.toEnd.querySelector(".to-end-count");
    count.hidden = this.unseen === 0;
    count.textContent = String(this.unseen);
  }

  /** At the end: stays at the end. Elsewhere: the first bubble that begins in sight does not move. */
  #keepingPlace(change) {
    const edge = this.box.getBoundingClientRect().top;
    const children = this.isAtEnd ? [] : [...this.list.children];
    const anchor =
      children.find((child) => child.getBoundingClientRect().top >= edge) ??
      children.find((child) => child.getBoundingClientRect().bottom > edge);
    const before = anchor?.getBoundingClientRect().top;
    change();
    if (this.isAtEnd) this.box.scrollTop = this.box.scrollHeight;
    else if (anchor?.isConnected) this.box.scrollTop += anchor.getBoundingClientRect().top - before;
  }

  #drop(id) {
    const entry = this.known.get(id);
    if (entry === undefined) return;
    entry.day?.remove();
    entry.element.remove();
    this.known.delete(id);
  }

  #put(message, isLive) {
    const entry = this.known.get(message.message_id);
    if (entry === undefined) this.#append(message, isLive);
    else this.#update(entry, message, isLive);
  }

  #append(message, isLive) {
    const day = dayOf(message.date * 1000);
    const last = [...this.known.values()].at(-1);
    const separator = last && dayOf(last.message.date * 1000) === day ? null : make("div", { class: "day" }, make("span", {}, day));
    if (separator) this.list.append(separator);
    const element = make("div", {
      class: isLive ? "message new" : "message",
      data: { messageId: message.message_id, from: message.from, kind: message.kind ?? "text" },
    });
    element.append(bubbleOf(message));
    this.list.append(element);
    this.known.set(message.message_id, { message, element, day: separator });
    this.#setKeyboard(element, message);
  }

  #update(entry, message, isLive) {
    const { element, message: before } = entry;
    entry.message = message;
    const isSameText = contentOf(before) === contentOf(message);
    if (!isSameText || before.edited !== message.edited) {
      const bubble = bubbleOf(message);
      if (isLive && !isSameText) bubble.classList.add("changed");
      element.querySelector(".bubble").replaceWith(bubble);
    }
    if (JSON.stringify(before.markup ?? null) !== JSON.stringify(message.markup ?? null)) this.#setKeyboard(element, message);
  }

  /** New buttons under a bubble; the focus stays on the same place of the keyboard. */
  #setKeyboard(element, message) {
    const old = element.querySelector(".inline-keyboard");
    const place = old ? [...old.querySelectorAll(".inline-button")].indexOf(document.activeElement) : -1;
    const fresh = inlineKeyboard(message.markup, (data) => this.press(message.message_id, data));
    old?.remove();
    if (fresh) element.append(fresh);
    element.classList.toggle("has-keyboard", fresh !== null);
    const buttons = [...(fresh?.querySelectorAll(".inline-button") ?? [])];
    for (const button of buttons) {
      const data = button.dataset.callback;
      if (data !== undefined && this.isWaiting(message.message_id, data)) showWaiting(button, true);
    }
    if (place >= 0) (buttons[Math.min(place, buttons.length - 1)] ?? this.box).focus({ preventScroll: true });
  }
}

const keyOf = (messageId, data) => `${messageId} ${data}`;
const contentOf = ({ text, html, kind, file }) => JSON.stringify([text, html, kind, file]);

function bubbleOf(message) {
  const isBot = message.from === "bot";
  const meta = make(
    "span",
    { class: "meta" },
    message.edited && isBot ? `${WORDS.edited} ` : null,
    make("time", { datetime: new Date(message.date * 1000).toISOString() }, timeOf(message.date * 1000)),
    isBot ? null : icon("check", "tick"),
  );
  return make("div", { class: "bubble" }, make("span", { class: "vh" }, isBot ? WORDS.fromBot : WORDS.fromPerson, " "), attachmentOf(message), textOf(message), meta);
}

function textOf(message) {
  if (!message.html && !message.text) return null;
  return make("div", { class: "text" }, message.html ? safeHtml(message.html) : plainText(message.text));
}

function attachmentOf(message) {
  switch (message.kind ?? "text") {
    case "text":
      return null;
    case "sticker":
      return picture("smile", "sticker", WORDS.sticker);
    case "voice":
      return make("span", { class: "voice" }, icon("voice"), icon("wave", "wave"), make("span", { class: "vh" }, WORDS.voice));
    case "photo":
      // What a person sends here is no real photo: one drawn stands for it.
      return message.from === "bot" ? photoOf(message.file) : picture("view", "photo", WORDS.photo);
    case "location":
      return make("span", { class: "card" }, WORDS.location);
    case "contact":
      return make("span", { class: "card" }, icon("phone"), make("span", {}, WORDS.contact));
    default:
      return message.file ? fileCard(message.file) : message.text || message.html ? null : make("span", { class: "card" }, WORDS.unknownKind);
  }
}

function picture(name, className, label) {
  return make("span", { class: className, role: "img", "aria-label": label }, icon(name, "drawing"));
}

const addressOf = (file) => (typeof file === "string" ? file : (file?.url ?? file?.href ?? null));

function photoOf(file) {
  const address = addressOf(file) && safeAddress(addressOf(file));
  if (!address) return picture("view", "photo", WORDS.photo);
  return make("img", { class: "photo", src: address, alt: file.name ?? WORDS.photo });
}

function fileCard(file) {
  const address = addressOf(file) && safeAddress(addressOf(file));
  const name = file.name ?? file.file_name ?? WORDS.file;
  const label = make("span", { class: "file-name" }, name);
  const size = file.size === undefined ? null : make("span", { class: "file-size" }, sizeOf(file.size));
  if (!address) return make("span", { class: "card" }, icon("file"), label, size);
  return make("a", { class: "card", href: address, target: "_blank", rel: "noopener noreferrer" }, icon("file"), label, size);
}
