// The log of one chat: bubbles, edited in place, and where the eye is kept while they change.

import { bubbleOf, contentOf } from "/page/bubbles.js";
import { dayOf, make } from "/page/dom.js";
import { inlineKeyboard, showWaiting } from "/page/keyboards.js";

const NEAR_END_PX = 56;

export class MessageLog {
  /**
   * `root` holds .log, .messages and .to-end. `acts`: press(messageId, data) of an inline button,
   * copy(text), isOwn(message), authorOf(message), hasActions(message), openActions(message).
   */
  constructor(root, acts) {
    this.box = root.querySelector(".log");
    this.list = root.querySelector(".messages");
    this.toEnd = root.querySelector(".to-end");
    this.acts = acts;
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

  /** The newest message here; undefined in an empty log. */
  get last() {
    return [...this.known.values()].at(-1)?.message;
  }

  clear() {
    for (const id of [...this.known.keys()]) this.#drop(id);
  }

  /** After the log came back into sight. */
  settle() {
    if (this.isAtEnd) this.scrollToEnd();
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
    const isOwn = this.acts.isOwn(message);
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
    const before = this.last;
    const separator = before && dayOf(before.date * 1000) === day ? null : make("div", { class: "day" }, make("span", {}, day));
    if (separator) this.list.append(separator);
    const element = make("div", {
      class: isLive ? "message new" : "message",
      data: { messageId: message.message_id, from: this.#sideOf(message), kind: message.kind ?? "text" },
    });
    element.append(this.#bubble(message));
    this.list.append(element);
    this.known.set(message.message_id, { message, element, day: separator });
    this.#setKeyboard(element, message);
  }

  #update(entry, message, isLive) {
    const { element, message: before } = entry;
    entry.message = message;
    const isSameText = contentOf(before) === contentOf(message);
    if (!isSameText || before.edited !== message.edited) {
      const bubble = this.#bubble(message);
      if (isLive && !isSameText) bubble.classList.add("changed");
      element.querySelector(".bubble").replaceWith(bubble);
    }
    if (JSON.stringify(before.markup ?? null) !== JSON.stringify(message.markup ?? null)) this.#setKeyboard(element, message);
  }

  /** New buttons under a bubble; the focus stays on the same place of the keyboard. */
  #setKeyboard(element, message) {
    const old = element.querySelector(".inline-keyboard");
    const place = old ? [...old.querySelectorAll(".inline-button")].indexOf(document.activeElement) : -1;
    const { press, copy } = this.acts;
    const fresh = inlineKeyboard(message.markup, { press: (data) => press(message.message_id, data), copy });
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

  #bubble(message) {
    const { authorOf, hasActions, isOwn, openActions } = this.acts;
    const id = message.message_id;
    return bubbleOf(message, {
      isOwn: isOwn(message),
      author: authorOf(message),
      replied: this.known.get(message.reply_to)?.message ?? null,
      openActions: hasActions(message) ? () => openActions(this.known.get(id)?.message ?? message) : null,
    });
  }

  /** "person" stands on the right. */
  #sideOf(message) {
    if (message.kind === "service") return "service";
    if (this.acts.isOwn(message)) return "person";
    return message.from === "bot" ? "bot" : "other";
  }
}

const keyOf = (messageId, data) => `${messageId} ${data}`;
