// The rehearsal page: who is on the stage, what the address asks for, and what all phones share.
// ?person=1001,1002 shows these people; ?start=TDP-06&name=...&phone=... makes one who scanned a QR.

import { make, nameOf, spacedPhone } from "/page/dom.js";
import { ClockBar } from "/page/clock.js";
import { notify, openDialog } from "/page/overlay.js";
import { examplePerson, PeopleMenu } from "/page/people.js";
import { Phone } from "/page/phone.js";
import { addPerson, getBot, getPeople, getUnits } from "/page/server.js";
import { WORDS } from "/page/words.js";

const MAX_SHOWN = 4;
const NARROW = matchMedia("(max-width: 699.98px)");

class Stage {
  constructor() {
    this.element = document.querySelector(".stage");
    this.known = new Map();
    this.phones = new Map();
    this.unread = new Set();
    this.activeId = null;
    this.bot = {};
    this.units = [];
    this.menu = new PeopleMenu(document.querySelector(".people"), this, (id) => this.choose(id));
  }

  get isNarrow() {
    return NARROW.matches;
  }

  people() {
    return [...this.known.values()];
  }

  isShown(id) {
    return this.phones.has(id);
  }

  async add(details) {
    const answer = await addPerson(details);
    const person = { ...details, ...answer };
    this.known.set(person.id, person);
    return person;
  }

  /** A fifth phone takes the place of the first. */
  show(id) {
    if (!this.phones.has(id)) {
      if (this.phones.size >= MAX_SHOWN) {
        const [first] = this.phones.keys();
        notify(WORDS.hiddenForRoom(nameOf(this.known.get(first))));
        this.hide(first);
      }
      const hooks = { hide: (one) => this.hide(one), heard: (one) => this.#heard(one), people: () => this.people() };
      const phone = new Phone(this.known.get(id), this.bot, this.units, hooks);
      this.phones.set(id, phone);
      this.element.append(phone.element);
      phone.connect();
    }
    this.activate(id);
    return this.phones.get(id);
  }

  hide(id) {
    const phone = this.phones.get(id);
    if (phone === undefined) return;
    phone.disconnect();
    phone.element.remove();
    this.phones.delete(id);
    this.unread.delete(id);
    this.activate(this.activeId === id ? ([...this.phones.keys()].at(-1) ?? null) : this.activeId);
  }

  choose(id) {
    if (this.isNarrow || !this.isShown(id)) this.show(id);
    else this.hide(id);
  }

  activate(id) {
    this.activeId = id;
    this.unread.delete(id);
    for (const [one, phone] of this.phones) phone.element.classList.toggle("active", one === id);
    this.phones.get(id)?.element.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.redraw();
  }

  redraw() {
    this.element.dataset.count = String(this.phones.size);
    const empty = this.element.querySelector(".nobody");
    if (this.phones.size > 0) empty?.remove();
    else if (!empty) this.element.append(make("p", { class: "nobody" }, WORDS.nobody));
    this.menu.draw();
    if (this.phones.size > 0) rewriteAddress([...this.phones.keys()]);
  }

  #heard(id) {
    if (!this.isNarrow || id === this.activeId) return;
    this.unread.add(id);
    this.menu.draw();
  }
}

/** After a reload the same people stand there, and nobody is made twice. */
function rewriteAddress(ids) {
  const address = new URL(location.href);
  ["start", "name", "phone"].forEach((name) => address.searchParams.delete(name));
  address.searchParams.set("person", ids.join(","));
  history.replaceState(null, "", address.href.replaceAll("%2C", ","));
}

async function openPeople(stage) {
  const asked = new URLSearchParams(location.search);
  for (const person of await getPeople()) stage.known.set(person.id, person);
  if (asked.has("start") || asked.has("name")) {
    const example = examplePerson(stage.people());
    const person = await stage.add({ name: asked.get("name") || example.name, phone: asked.get("phone") || example.phone });
    const phone = stage.show(person.id);
    if (asked.has("start")) await phone.start(asked.get("start"));
    return;
  }
  const wanted = (asked.get("person") ?? "").split(",");
  const named = stage.people().filter((person) => wanted.includes(String(person.id)));
  const shown = (named.length > 0 ? named : asked.has("person") ? [] : stage.people()).slice(0, MAX_SHOWN);
  if (shown.length === 0) {
    const count = stage.isNarrow || asked.has("person") ? 1 : 2;
    for (let made = 0; made < count; made += 1) shown.push(await stage.add(examplePerson(stage.people())));
  }
  shown.forEach((person) => stage.show(person.id));
  stage.activate(shown[0].id);
}

async function askForPerson(stage) {
  const dialog = document.querySelector("#person-dialog");
  const example = examplePerson(stage.people());
  const details = await openDialog(dialog, (form) => {
    form.elements.name.value = example.name;
    form.elements.phone.value = spacedPhone(example.phone);
  });
  if (details === null) return;
  const phone = details.phone.replace(/[\s.-]/gu, "");
  try {
    const person = await stage.add({ name: details.name.trim(), ...(phone ? { phone } : {}) });
    stage.show(person.id);
  } catch (error) {
    notify(error.detail || WORDS.failed);
  }
}

async function begin() {
  const stage = new Stage();
  document.querySelector(".add-person").addEventListener("click", () => askForPerson(stage));
  NARROW.addEventListener("change", () => stage.redraw());
  new ClockBar(document.querySelector(".clock")).run();
  try {
    [stage.bot, stage.units] = await Promise.all([getBot(), getUnits().catch(() => [])]);
    document.querySelector(".brand-bot").textContent = stage.bot.name || WORDS.bot;
    await openPeople(stage);
  } catch {
    notify(WORDS.serverAway);
  }
}

begin();
