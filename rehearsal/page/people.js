// The menu of people in the top bar: on a desktop it shows and hides phones, on a phone it switches.

import { icon, make, nameOf, paintAvatar, spacedPhone } from "/page/dom.js";
import { attachMenu } from "/page/overlay.js";
import { EXAMPLE_NAMES, EXAMPLE_PHONE, WORDS } from "/page/words.js";

/** A rehearsal may have simulated hundreds. */
const MAX_LISTED = 60;

export class PeopleMenu {
  /** `stage` tells people(), isShown(id), activeId, isNarrow, unread; `choose(id)` acts. */
  constructor(element, stage, choose) {
    this.button = element.querySelector(".people-button");
    this.panel = element.querySelector(".people-menu");
    this.stage = stage;
    this.choose = choose;
    attachMenu(this.button, this.panel, () => this.#fill());
  }

  draw() {
    const people = this.stage.people();
    const active = people.find((person) => person.id === this.stage.activeId);
    const label = this.button.querySelector(".people-label");
    const avatar = this.button.querySelector(".avatar");
    const isNarrow = this.stage.isNarrow && active !== undefined;
    avatar.hidden = !isNarrow;
    if (isNarrow) paintAvatar(avatar, active);
    const shown = people.filter((person) => this.stage.isShown(person.id)).length;
    label.textContent = isNarrow ? nameOf(active) : WORDS.peopleShown(shown, people.length);
    const hasNews = this.stage.isNarrow && this.stage.unread.size > 0;
    this.button.querySelector(".unread-dot").hidden = !hasNews;
    if (isNarrow) this.button.setAttribute("aria-label", WORDS.peopleActive(nameOf(active), hasNews));
    else this.button.removeAttribute("aria-label");
  }

  #fill() {
    const people = this.stage.people();
    const onStage = people.filter((person) => this.stage.isShown(person.id));
    const others = people.filter((person) => !this.stage.isShown(person.id)).slice(-MAX_LISTED);
    const items = [...onStage, ...others].map((person) => {
      const { isNarrow } = this.stage;
      const isOn = isNarrow ? person.id === this.stage.activeId : this.stage.isShown(person.id);
      const avatar = make("span", { class: "avatar", "aria-hidden": "true" });
      paintAvatar(avatar, person);
      return make(
        "button",
        { type: "button", role: isNarrow ? "menuitemradio" : "menuitemcheckbox", "aria-checked": String(isOn), data: { choose: person.id }, onclick: () => this.choose(person.id) },
        avatar,
        make("span", { class: "person-line" }, make("b", {}, nameOf(person)), make("span", { class: "person-phone" }, spacedPhone(person.phone))),
        isNarrow && this.stage.unread.has(person.id) ? make("span", { class: "unread-dot" }, make("span", { class: "vh" }, WORDS.newMessages)) : null,
        isOn ? icon("check") : null,
      );
    });
    this.panel.replaceChildren(...items);
  }
}

/** A name and a phone that nobody here has yet. */
export function examplePerson(people) {
  const names = new Set(people.map(nameOf));
  const phones = new Set(people.map((person) => spacedPhone(person.phone)));
  const name = EXAMPLE_NAMES.find((one) => !names.has(one)) ?? `${EXAMPLE_NAMES[0]} ${people.length + 1}`;
  let number = EXAMPLE_PHONE;
  while (phones.has(spacedPhone(`0${number}`))) number += 1;
  return { name, phone: `0${number}` };
}
