// The list of one person's chats: the bot's first, then the groups, the newest words below each.

import { icon, make, nameOf, paintAvatar, timeOf } from "/page/dom.js";
import { serviceLine } from "/page/service_lines.js";
import { WORDS } from "/page/words.js";

export class ChatList {
  /** `phone` tells botName, person, groups and unread; opens chats and makes groups. */
  constructor(phone) {
    this.phone = phone;
    this.element = document.querySelector("#chat-list").content.firstElementChild.cloneNode(true);
    this.element.querySelector(".chat-status").textContent = nameOf(phone.person);
    this.#on("new-group", () => phone.makeGroup("group"));
    this.#on("new-channel", () => phone.makeGroup("channel"));
  }

  draw() {
    const { phone } = this;
    const lines = [...phone.groups.values()].map(({ group, last, unread }) => this.#groupLine(group, last, unread));
    this.element.querySelector(".chats").replaceChildren(this.#botLine(), ...lines);
  }

  #botLine() {
    const { phone } = this;
    const last = phone.pane.log.last;
    return line({
      face: icon("mark", "chat-mark"),
      title: phone.botName,
      last,
      words: last ? wordsOf(last) : WORDS.notStarted,
      unread: phone.unread,
      role: "open-bot",
      open: () => phone.openBot(),
    });
  }

  #groupLine(group, last, unread) {
    const face = make("span", { class: "avatar" });
    paintAvatar(face, { id: Math.abs(group.id), name: group.title });
    const author = last?.from === "bot" ? this.phone.botName : last?.author?.name;
    const words = last ? wordsOf(last) : "";
    const shown = author && last.kind !== "service" && group.kind !== "channel" ? `${author}: ${words}` : words;
    return line({ face, title: group.title, last, words: shown, unread, role: `open-${group.id}`, open: () => this.phone.openGroup(group.id) });
  }

  #on(role, act) {
    this.element.querySelector(`[data-role="${role}"]`).addEventListener("click", act);
  }
}

function line({ face, title, last, words, unread, role, open }) {
  return make(
    "button",
    { type: "button", class: "chat-item", data: { role }, onclick: open },
    make("span", { class: "chat-face" }, face),
    make("span", { class: "chat-item-text" }, make("b", {}, title), make("span", { class: "chat-item-words" }, words)),
    make(
      "span",
      { class: "chat-item-side" },
      last ? make("time", { class: "chat-item-time" }, timeOf(last.date * 1000)) : null,
      unread ? make("span", { class: "count" }, String(unread), make("span", { class: "vh" }, ` ${WORDS.newMessages}`)) : null,
    ),
  );
}

const KINDS = { photo: WORDS.photo, document: WORDS.file, sticker: WORDS.sticker, voice: WORDS.voice, location: WORDS.location, contact: WORDS.contact };

function wordsOf(message) {
  if (message.kind === "service") return serviceLine(message) ?? "";
  const kind = KINDS[message.kind];
  if (!message.text) return kind ?? "";
  return kind ? `${kind}: ${message.text}` : message.text;
}
