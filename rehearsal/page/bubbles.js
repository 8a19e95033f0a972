// One bubble: what a message says, what it carries, who wrote it and when.

import { icon, make, sizeOf, timeOf } from "/page/dom.js";
import { plainText, safeAddress, safeHtml } from "/page/safe_html.js";
import { serviceLine } from "/page/service_lines.js";
import { WORDS } from "/page/words.js";

const TALLEST_PX = 420;

/** What decides whether a bubble must be drawn anew. */
export const contentOf = ({ text, html, kind, file }) => JSON.stringify([text, html, kind, file]);

/** `how`: isOwn, author (shown above, or null), replied (the message answered, or null), openActions() or null. */
export function bubbleOf(message, how) {
  if (message.kind === "service") return make("div", { class: "bubble" }, serviceLine(message) ?? WORDS.unknownKind);
  const { isOwn, author, openActions } = how;
  const isBot = message.from === "bot";
  const time = timeOf(message.date * 1000);
  const asButton = { type: "button", "aria-label": WORDS.actionsOf(time), onclick: openActions };
  const meta = make(
    openActions ? "button" : "span",
    { class: "meta", ...(openActions ? asButton : {}) },
    message.edited && isBot ? `${WORDS.edited} ` : null,
    make("time", { datetime: new Date(message.date * 1000).toISOString() }, time),
    isOwn ? icon("check", "tick") : null,
  );
  const speaker = make("span", { class: "vh" }, isBot ? WORDS.fromBot : WORDS.fromPerson, " ");
  return make(
    "div",
    { class: "bubble", ...(openActions ? { oncontextmenu: (event) => openMenu(event, openActions) } : {}) },
    author && !isOwn ? make("span", { class: "author", data: { tint: Number(author.id) % 6 } }, author.name, make("span", { class: "vh" }, ": ")) : speaker,
    message.forwarded ? make("span", { class: "forwarded" }, WORDS.forwarded) : null,
    quoteOf(how.replied),
    attachmentOf(message),
    textOf(message),
    meta,
  );
}

/** A long press or the right button; on links and pictures the browser's own menu stays. */
function openMenu(event, openActions) {
  if (event.target.closest("a, img")) return;
  event.preventDefault();
  openActions();
}

function quoteOf(replied) {
  if (replied === null || replied.kind === "service") return null;
  return make("span", { class: "quote" }, (replied.text || WORDS.message).slice(0, 80));
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
      return photoOf(message.file);
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

/** Shown whole, and larger in a page of its own. A sample of one point is drawn instead. */
function photoOf(file) {
  const address = addressOf(file) && safeAddress(addressOf(file));
  if (!address || file.width === 1) return picture("view", "photo", WORDS.photo);
  const image = make("img", { src: address, alt: file.name ?? WORDS.photo, decoding: "async" });
  const frame = make("a", { class: "photo", href: address, target: "_blank", rel: "noopener noreferrer", title: WORDS.opensOutside }, image);
  if (file.width && file.height) keepPlace(frame, file);
  image.addEventListener("error", () => frame.replaceWith(make("span", { class: "card" }, icon("photo"), make("span", {}, WORDS.photoGone))));
  return frame;
}

/** The picture's place is taken before it is loaded, so that nothing moves when it comes. */
function keepPlace(frame, { width, height }) {
  frame.style.aspectRatio = `${width} / ${height}`;
  frame.style.width = `${Math.min(width, Math.round((TALLEST_PX * width) / height))}px`;
}

/** A chip that downloads the file under its own name. */
function fileCard(file) {
  const address = addressOf(file) && safeAddress(addressOf(file));
  const name = file.name ?? file.file_name ?? WORDS.file;
  const label = make("span", { class: "file-name" }, name);
  const size = file.size === undefined ? null : make("span", { class: "file-size" }, sizeOf(file.size));
  const body = [make("span", { class: "file-sign" }, icon("file")), make("span", { class: "file-text" }, label, size)];
  if (!address) return make("span", { class: "card file" }, ...body);
  return make("a", { class: "card file", href: address, download: name }, ...body, icon("download"));
}
