// The contest clock's bar: ticks here from the server's instant and rate, moves it on request.

import { dayOf, secondsOf } from "/page/dom.js";
import { confirmBox, notify } from "/page/overlay.js";
import { getClock, setClock } from "/page/server.js";
import { PHASES, WORDS } from "/page/words.js";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const READ_EVERY_MS = 10_000;
const DRAW_EVERY_MS = 250;

const TARGETS = {
  before: ({ opens }) => opens - MINUTE_MS,
  open: ({ opens }) => opens + 50 * HOUR_MS,
  "last-minute": ({ closes }) => closes - MINUTE_MS,
  closed: ({ closes }) => closes + 10_000,
};

export class ClockBar {
  constructor(element) {
    this.element = element;
    this.clock = null;
    this.isAbsent = false;
    this.find = (selector) => element.querySelector(selector);
    this.#wire();
  }

  /** Shows the bar if this server has a contest clock. */
  async run() {
    await this.#read();
    setInterval(() => !this.isAbsent && !document.hidden && this.#read(), READ_EVERY_MS);
    setInterval(() => this.clock && this.#draw(), DRAW_EVERY_MS);
  }

  now() {
    return this.clock.now + (performance.now() - this.readAt) * this.clock.rate;
  }

  async #read() {
    try {
      this.#take(await getClock());
    } catch (error) {
      // Without an answer the bar goes on from what it knows, or stays hidden till the bot is up.
      this.isAbsent = error.status === 404;
    }
  }

  #take(clock) {
    if (!clock) {
      this.isAbsent = this.clock === null;
      return;
    }
    this.clock = clock;
    this.readAt = performance.now();
    this.element.hidden = false;
    this.#draw();
  }

  #draw() {
    const now = this.now();
    const place = placeOf(now, this.clock);
    if (this.place !== undefined && this.place !== place) setTimeout(() => this.#read(), 300);
    this.place = place;
    const time = secondsOf(now);
    const phase = PHASES[this.clock.phase] ?? this.clock.phase;
    this.find("[data-role=clock-now]").textContent = `${time} ngày ${dayOf(now)}`;
    this.find(".clock-short").textContent = time;
    this.find("[data-role=clock-toggle]").setAttribute("aria-label", WORDS.clockShort(time, phase));
    setText(this.find("[data-role=clock-phase]"), phase);
    this.element.dataset.phase = this.clock.phase;
    for (const button of this.element.querySelectorAll("[data-clock]")) {
      button.setAttribute("aria-pressed", String(button.dataset.clock === place));
    }
    for (const button of this.element.querySelectorAll("[data-rate]")) {
      button.setAttribute("aria-pressed", String(Number(button.dataset.rate) === this.clock.rate));
    }
  }

  #wire() {
    const toggle = this.find("[data-role=clock-toggle]");
    const setOpen = (isOpen) => {
      this.element.classList.toggle("open", isOpen);
      toggle.setAttribute("aria-expanded", String(isOpen));
    };
    toggle.addEventListener("click", () => setOpen(!this.element.classList.contains("open")));
    this.element.addEventListener("keydown", (event) => event.key === "Escape" && setOpen(false));
    document.addEventListener("pointerdown", ({ target }) => {
      if (!this.element.contains(target) && !target.closest("dialog")) setOpen(false);
    });
    this.element.addEventListener("click", ({ target }) => {
      const { clock, rate } = target.closest("button")?.dataset ?? {};
      if (clock) this.#moveTo(TARGETS[clock](this.clock));
      if (rate) this.#change({ rate: Number(rate) });
    });
  }

  async #moveTo(to) {
    const isBack = to < this.now();
    const question = { title: WORDS.moveBackTitle, text: WORDS.moveBack, label: WORDS.moveBackConfirm };
    if (isBack && (await confirmBox(question)) === null) return;
    await this.#change({ to });
  }

  async #change(change) {
    try {
      this.#take(await setClock(change));
    } catch (error) {
      notify(error.detail || WORDS.clockFailed);
    }
  }
}

/** Which of the bar's four places `now` lies in. */
function placeOf(now, { opens, closes }) {
  if (now < opens) return "before";
  if (now >= closes) return "closed";
  return now >= closes - MINUTE_MS ? "last-minute" : "open";
}

/** A status region is only touched when it changes: it is read aloud each time. */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
