// The text box: grows with its lines, Enter sends, and what could not be sent stays.

const TALLEST_PX = 132;

/** `send(text)` resolves to whether the server took it. */
export function wireComposer(form, send) {
  const box = form.querySelector("textarea");
  const fit = () => {
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight + 2, TALLEST_PX)}px`;
  };
  box.addEventListener("input", fit);
  // Pressing Send leaves the focus in the box, so that the phone's own keyboard stays open.
  form.querySelector("[type=submit]").addEventListener("mousedown", (event) => {
    if (document.activeElement === box) event.preventDefault();
  });
  box.addEventListener("keydown", (event) => {
    // While an input method composes a Vietnamese letter, Enter belongs to it.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = box.value.trim();
    if (!text) return;
    box.value = "";
    fit();
    if (await send(text)) return;
    if (box.value === "") box.value = text;
    fit();
  });
}
