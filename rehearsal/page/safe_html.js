// The bot's formatted text, rebuilt from an allow-list: the server's HTML is read in an inert
// document and never inserted. Commands and addresses in plain text become links, as on a phone.

import { make } from "/page/dom.js";
import { WORDS } from "/page/words.js";

const PLAIN = new Map([
  ["B", "b"], ["STRONG", "b"], ["I", "i"], ["EM", "i"], ["U", "u"], ["INS", "u"],
  ["S", "s"], ["STRIKE", "s"], ["DEL", "s"], ["CODE", "code"], ["PRE", "pre"], ["BLOCKQUOTE", "blockquote"],
]);
const DROPPED = new Set(["SCRIPT", "STYLE", "TEMPLATE", "IFRAME", "OBJECT", "NOSCRIPT", "SVG", "MATH"]);
const LINK = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]])|(^|[^\p{L}\p{N}_/<>])(\/[a-z0-9_]{1,64}(?:@\w{3,32})?)(?![\p{L}\p{N}_/])/giu;

/** A fragment with only b, i, u, s, code, pre, a, blockquote, tg-spoiler and text. */
export function safeHtml(html) {
  const inert = new DOMParser().parseFromString(`<!doctype html><body>${html}`, "text/html");
  const fragment = document.createDocumentFragment();
  copy(inert.body, fragment, true);
  return fragment;
}

/** Plain text with commands and addresses as links. */
export function plainText(text) {
  const fragment = document.createDocumentFragment();
  linked(text, fragment);
  return fragment;
}

/** The address if a link may lead there, else null. */
export function safeAddress(address) {
  try {
    const url = new URL(address, location.href);
    return ["http:", "https:", "mailto:", "tel:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

function copy(source, target, canLink) {
  for (const node of source.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) {
      if (canLink) linked(node.data, target);
      else target.append(node.data);
    } else if (node.nodeType === Node.ELEMENT_NODE && !DROPPED.has(node.tagName.toUpperCase())) {
      copyElement(node, target, canLink);
    }
  }
}

function copyElement(node, target, canLink) {
  const tag = node.tagName.toUpperCase();
  if (tag === "BR") return target.append("\n");
  if (tag === "A") {
    const address = safeAddress(node.getAttribute("href") ?? "");
    const link = address ? outsideLink(address) : make("span");
    copy(node, link, false);
    return target.append(link);
  }
  if (tag === "TG-SPOILER" || (tag === "SPAN" && node.classList.contains("tg-spoiler"))) {
    const inner = make("span", { class: "spoiler-text" });
    copy(node, inner, false);
    return target.append(spoiler(inner));
  }
  const name = PLAIN.get(tag);
  if (name === undefined) return copy(node, target, canLink);
  const element = make(name);
  copy(node, element, canLink && name !== "code" && name !== "pre");
  return target.append(element);
}

function linked(text, target) {
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    const [whole, address, before = "", command] = match;
    target.append(text.slice(from, match.index) + before);
    if (address) target.append(outsideLink(address, address));
    else target.append(make("button", { type: "button", class: "command-link", data: { command } }, command));
    from = match.index + whole.length;
  }
  target.append(text.slice(from));
}

function outsideLink(address, ...children) {
  return make("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

function spoiler(inner) {
  const cover = make("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": WORDS.spoiler }, inner);
  const reveal = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    cover.classList.add("shown");
    ["role", "tabindex", "aria-label"].forEach((name) => cover.removeAttribute(name));
  };
  cover.addEventListener("click", reveal, { once: true });
  cover.addEventListener("keydown", reveal);
  return cover;
}
