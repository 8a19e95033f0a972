// Makes the pages of one-time links pleasanter: drag and drop, a bar that moves, no double press.
// Everything works without it, by plain forms; the server decides and says all of it again.
"use strict";

const part = (form, role) => form.querySelector(`[data-role=${role}]`);

function arm() {
  for (const form of document.querySelectorAll("form")) {
    if (form.matches(".send")) armSending(form);
    else form.addEventListener("submit", () => pressedOnce(form));
  }
}

/** The button that was pressed is sent with the form, so that it is disabled only afterwards. */
function pressedOnce(form) {
  const preparing = part(form, "preparing");
  setTimeout(() => {
    if (preparing) showPreparing(form, preparing);
    for (const button of form.querySelectorAll("button")) button.disabled = true;
  }, 0);
}

/** The file comes beside this page, which stays: what it said of an earlier code is over. */
function showPreparing(form, preparing) {
  for (const one of form.parentElement.querySelectorAll(".notice.bad")) one.hidden = true;
  preparing.hidden = false;
  preparing.scrollIntoView({ block: "nearest" });
}

function armSending(form) {
  const input = form.elements.file;
  const drop = form.querySelector(".drop");
  const look = () => showChosen(form, input.files[0]);
  input.addEventListener("change", look);
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length === 0) return;
    input.files = event.dataTransfer.files;
    look();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (look()) send(form);
  });
}

/** Shows the chosen file, or what is wrong with it; whether it may be sent. */
function showChosen(form, file) {
  const { max, kinds, tooLarge, wrongKind, noFile } = form.dataset;
  const isKind = file && kinds.split(" ").some((kind) => file.name.toLowerCase().endsWith(kind));
  let wrong = "";
  if (!file || file.size === 0) wrong = noFile;
  else if (!isKind) wrong = wrongKind;
  else if (file.size > Number(max)) wrong = tooLarge;
  complain(form, wrong);
  const name = part(form, "name");
  name.textContent = file && !wrong ? `${name.dataset.chosen}: ${file.name} (${sizeOf(file)})` : "";
  return !wrong;
}

const sizeOf = (file) =>
  file.size < 1024 * 1024
    ? `${Math.max(1, Math.round(file.size / 1024))} KB`
    : `${(file.size / 1024 / 1024).toFixed(1).replace(".", ",")} MB`;

function complain(form, words) {
  const problem = part(form, "problem");
  problem.textContent = words;
  problem.hidden = !words;
}

function send(form) {
  const request = new XMLHttpRequest();
  const wait = (isWaiting) => {
    part(form, "progress").hidden = !isWaiting;
    for (const one of form.querySelectorAll("button, input[type=file]")) one.disabled = isWaiting;
  };
  const body = new FormData(form);
  request.upload.addEventListener("progress", (event) => showProgress(form, event));
  request.upload.addEventListener("load", () => showChecking(form));
  request.addEventListener("load", () => {
    if (show(request.responseText)) return;
    // Not our page: a proxy's own answer.
    wait(false);
    complain(form, request.status === 413 ? form.dataset.tooLarge : form.dataset.brokenOff);
  });
  request.addEventListener("error", () => {
    wait(false);
    complain(form, form.dataset.brokenOff);
  });
  request.open("POST", form.action);
  request.send(body);
  wait(true);
}

function showProgress(form, event) {
  if (!event.lengthComputable) return;
  const percent = Math.floor((event.loaded / event.total) * 100);
  part(form, "progress").querySelector("progress").value = percent;
  part(form, "told").textContent = `${form.dataset.sending} ${percent}%`;
}

function showChecking(form) {
  part(form, "progress").querySelector("progress").removeAttribute("value");
  part(form, "told").textContent = `${form.dataset.checking}…`;
}

/** The page that came as the answer takes this one's place; false where it is none of ours. */
function show(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const main = page.querySelector("main");
  if (main === null) return false;
  document.title = page.title;
  document.querySelector("main").replaceWith(document.adoptNode(main));
  arm();
  scrollTo(0, 0);
  const heading = document.querySelector("h1");
  heading.tabIndex = -1;
  heading.focus();
  return true;
}

addEventListener("pageshow", (event) => {
  // Back from another page: what was pressed then may be pressed again.
  if (event.persisted) for (const button of document.querySelectorAll("button")) button.disabled = false;
});
arm();
