// The bot's two keyboards: buttons under a message, and buttons above the text box.

import { icon, make } from "/page/dom.js";
import { safeAddress } from "/page/safe_html.js";
import { WORDS } from "/page/words.js";

/** Rows of buttons under a bubble, or null. `press(data)` is a callback button's, `copy(text)` one's that copies. */
export function inlineKeyboard(markup, acts) {
  const rows = markup?.inline_keyboard?.filter((row) => row.length > 0) ?? [];
  if (rows.length === 0) return null;
  const lines = rows.map((row) => make("div", { class: "inline-row" }, ...row.map((button) => inlineButton(button, acts))));
  return make("div", { class: "inline-keyboard" }, ...lines);
}

function inlineButton(button, { press, copy }) {
  if (button.callback_data !== undefined) {
    return make(
      "button",
      { type: "button", class: "inline-button", data: { callback: button.callback_data, ...lookOf(button) }, onclick: () => press(button.callback_data) },
      make("span", { class: "button-text" }, button.text),
    );
  }
  if (button.copy_text) {
    return make(
      "button",
      { type: "button", class: "inline-button", data: { copy: button.copy_text.text, ...lookOf(button) }, title: WORDS.copies, onclick: () => copy(button.copy_text.text) },
      make("span", { class: "button-text" }, button.text),
      icon("copy", "corner"),
    );
  }
  const address = button.url ? safeAddress(button.url) : null;
  if (address === null) return make("button", { type: "button", class: "inline-button", disabled: true }, button.text);
  return make(
    "a",
    { class: "inline-button", data: lookOf(button), href: address, target: "_blank", rel: "noopener noreferrer", title: WORDS.opensOutside },
    make("span", { class: "button-text" }, button.text),
    icon("out", "corner"),
  );
}

/** Telegram's button styles: danger, success, primary. */
const lookOf = ({ style }) => (style ? { look: style } : {});

/** The spinner of a pressed button. It stays focusable: a disabled one would lose the focus. */
export function showWaiting(button, waits) {
  if (!button) return;
  if (waits) {
    button.setAttribute("aria-busy", "true");
    if (!button.querySelector(".spinner")) {
      button.append(make("span", { class: "spinner" }, make("span", { class: "vh" }, `, ${WORDS.waiting}`)));
    }
  } else {
    button.removeAttribute("aria-busy");
    button.querySelector(".spinner")?.remove();
  }
}

/** Fills `holder` with the reply keyboard; `press(button)` gets Telegram's button object. */
export function fillReplyKeyboard(holder, keyboard, press) {
  const rows = keyboard?.keyboard ?? [];
  const lines = rows.map((row) =>
    make(
      "div",
      { class: "reply-row" },
      ...row.map((raw) => {
        const button = typeof raw === "string" ? { text: raw } : raw;
        const sign = button.request_contact ? icon("phone") : null;
        const role = button.request_contact ? { role: "request-contact" } : { reply: button.text };
        return make("button", { type: "button", class: "reply-button", data: { ...role, ...lookOf(button) }, onclick: () => press(button) }, sign, make("span", {}, button.text));
      }),
    ),
  );
  holder.replaceChildren(...lines);
}
