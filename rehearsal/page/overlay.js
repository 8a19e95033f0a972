// What lies over a page or over one phone: menus, snack bars, sheets, dialogs. A sheet covers only
// its own phone, so that the other people can go on.

import { make } from "/page/dom.js";
import { WORDS } from "/page/words.js";

/** Opens `panel` by `button`; arrows move, Escape and a press elsewhere close. */
export function attachMenu(button, panel, beforeOpen = () => {}) {
  const items = () => [...panel.querySelectorAll("[role^=menuitem]:not([hidden])")];
  const isOpen = () => !panel.hidden;
  const close = (refocus = false) => {
    if (!isOpen()) return;
    panel.hidden = true;
    button.setAttribute("aria-expanded", "false");
    if (refocus) button.focus();
  };
  const open = () => {
    beforeOpen();
    panel.hidden = false;
    button.setAttribute("aria-expanded", "true");
    items()[0]?.focus();
  };
  button.addEventListener("click", () => (isOpen() ? close(true) : open()));
  panel.addEventListener("click", (event) => event.target.closest("[role^=menuitem]") && close(true));
  panel.addEventListener("keydown", (event) => {
    const list = items();
    const at = list.indexOf(document.activeElement);
    const target = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: list.length - 1 }[event.key];
    if (target !== undefined) {
      event.preventDefault();
      list[(target + list.length) % list.length]?.focus();
    } else if (event.key === "Escape") {
      event.preventDefault();
      close(true);
    } else if (event.key === "Tab") {
      close();
    }
  });
  document.addEventListener("pointerdown", (event) => {
    if (!panel.contains(event.target) && !button.contains(event.target)) close();
  });
  return { close };
}

/** A line that goes away by itself; long texts stay longer. Pressing it closes it. */
export function showSnack(holder, text, role = "toast") {
  const snack = make("button", { type: "button", class: "snack", data: { role } }, text);
  const remove = () => snack.remove();
  snack.addEventListener("click", remove);
  holder.append(snack);
  while (holder.children.length > 2) holder.firstElementChild.remove();
  setTimeout(remove, 3000 + 50 * text.length);
}

/**
 * A sheet over one phone; resolves with the pressed action's value, or null when dismissed.
 * `actions`: [{label, value, role?, main?}], the way out first. `stacked`: one below the other,
 * the way out last. `focus`: where to begin instead of the last action.
 */
export function openSheet(screen, { title, text, content, actions, focus, alert = false, stacked = false }) {
  const layer = screen.querySelector(".sheet-layer");
  const body = screen.querySelector(".panes");
  const focused = document.activeElement;
  return new Promise((resolve) => {
    const finish = (value) => {
      sheet.remove();
      layer.hidden = layer.childElementCount === 0;
      body.inert = !layer.hidden;
      if (body.contains(focused)) focused.focus({ preventScroll: true });
      resolve(value);
    };
    const buttons = actions.map(({ label, value, role, main }) =>
      make("button", { type: "button", class: main ? "main" : null, data: { role: role ?? "sheet-cancel" }, onclick: () => finish(value) }, label),
    );
    const sheet = make(
      "div",
      { class: "sheet", role: alert ? "alertdialog" : "dialog", "aria-modal": "true", "aria-label": title ?? text, data: { role: alert ? "alert" : "sheet" } },
      title ? make("h3", {}, title) : null,
      text ? make("p", {}, text) : null,
      content,
      make("div", { class: stacked ? "box-buttons stacked" : "box-buttons" }, ...(stacked ? [...buttons.slice(1), buttons[0]] : buttons)),
    );
    sheet.addEventListener("keydown", (event) => event.key === "Escape" && finish(null));
    layer.append(sheet);
    layer.hidden = false;
    body.inert = true;
    (focus ?? (stacked ? buttons[1] : buttons.at(-1)) ?? sheet).focus({ preventScroll: true });
  });
}

/** A callback answer with show_alert. */
export function openAlert(screen, text) {
  return openSheet(screen, { text, alert: true, actions: [{ label: WORDS.close, value: true, role: "alert-close", main: true }] });
}

/** A page-wide dialog of index.html; resolves with its form's data, or null. */
export function openDialog(dialog, fill = () => {}) {
  const form = dialog.querySelector("form");
  fill(form);
  return new Promise((resolve) => {
    let answer = null;
    const submit = (event) => {
      event.preventDefault();
      answer = Object.fromEntries(new FormData(form));
      dialog.close();
    };
    const cancel = () => dialog.close();
    const cancelButton = dialog.querySelector("[data-role=dialog-cancel]");
    form.addEventListener("submit", submit);
    cancelButton.addEventListener("click", cancel);
    dialog.addEventListener(
      "close",
      () => {
        form.removeEventListener("submit", submit);
        cancelButton.removeEventListener("click", cancel);
        resolve(answer);
      },
      { once: true },
    );
    dialog.showModal();
  });
}

export function confirmBox({ title, text, label }) {
  const dialog = document.querySelector("#confirm-dialog");
  return openDialog(dialog, () => {
    dialog.querySelector("h2").textContent = title;
    dialog.querySelector(".confirm-text").textContent = text;
    dialog.querySelector("[data-role=dialog-confirm]").textContent = label;
  });
}

let noticeTimer = 0;

/** A line about the page as a whole. */
export function notify(text) {
  const notice = document.querySelector(".page-notice");
  notice.textContent = text;
  notice.hidden = false;
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => (notice.hidden = true), 4000 + 60 * text.length);
}
