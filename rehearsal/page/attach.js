// A file of this machine on its way into a chat: shown, captioned, sent as a picture or as a file.

import { icon, make, sizeOf } from "/page/dom.js";
import { openSheet } from "/page/overlay.js";
import { WORDS } from "/page/words.js";

const PICTURES = new Set(["image/png", "image/jpeg"]);
export const PICTURE_TYPES = [...PICTURES].join(",");
/** Telegram's own limits, in bytes. */
const MAX_PHOTO = 10 << 20;
const MAX_FILE = 50 << 20;

/** Opens the picker of `input`; the chosen file, or null. */
export function pickFile(input, accept) {
  input.accept = accept;
  input.value = "";
  return new Promise((resolve) => {
    input.onchange = () => resolve(input.files[0] ?? null);
    input.oncancel = () => resolve(null);
    input.click();
  });
}

/** Asks how to send it: `{ kind, caption }`, or null. */
export async function askHowToSend(screen, file) {
  const canBePhoto = PICTURES.has(file.type) && file.size <= MAX_PHOTO;
  const address = canBePhoto ? URL.createObjectURL(file) : null;
  const caption = make("input", { type: "text", maxlength: "1024", placeholder: WORDS.captionHint, "aria-label": WORDS.captionHint, data: { role: "caption" } });
  const asFile = make("input", { type: "checkbox", data: { role: "as-file" } });
  const isTooBig = file.size > MAX_FILE;
  const isSent = await openSheet(screen, {
    title: canBePhoto ? WORDS.sendPhoto : WORDS.sendFile,
    text: isTooBig ? WORDS.fileTooBig : null,
    content: make(
      "div",
      { class: "sheet-form" },
      address ? make("img", { class: "preview", src: address, alt: file.name }) : make("span", { class: "card" }, icon("file"), make("span", { class: "file-name" }, file.name), make("span", { class: "file-size" }, sizeOf(file.size))),
      isTooBig ? null : caption,
      canBePhoto ? make("label", { class: "check" }, asFile, WORDS.asFile) : null,
    ),
    actions: [
      { label: WORDS.cancel, value: false },
      ...(isTooBig ? [] : [{ label: WORDS.send, value: true, role: "send-file", main: true }]),
    ],
  });
  if (address) URL.revokeObjectURL(address);
  if (!isSent) return null;
  return { kind: canBePhoto && !asFile.checked ? "photo" : "document", caption: caption.value.trim() };
}
