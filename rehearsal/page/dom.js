// Small helpers to build elements; text always goes in as text, never as markup.

export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "data") Object.assign(element.dataset, value);
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

/** An icon of the sprite in index.html. */
export function icon(name, className = "icon") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", className);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** Two letters of a Vietnamese name: family name and given name. */
export function initials(name) {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends.map((word) => word[0].toLocaleUpperCase("vi")).join("");
}

/** One of six calm colours, always the same for the same person. */
export function paintAvatar(element, person) {
  element.textContent = initials(nameOf(person));
  element.dataset.tint = String(Number(person.id) % 6);
}

const ZONE = "Asia/Ho_Chi_Minh";
const TIME = new Intl.DateTimeFormat("vi-VN", { timeZone: ZONE, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const SECONDS = new Intl.DateTimeFormat("vi-VN", { timeZone: ZONE, hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const DAY = new Intl.DateTimeFormat("vi-VN", { timeZone: ZONE, day: "2-digit", month: "2-digit", year: "numeric" });

export const timeOf = (ms) => TIME.format(ms);
export const secondsOf = (ms) => SECONDS.format(ms);
export const dayOf = (ms) => DAY.formatToParts(ms).filter((part) => part.type !== "literal").map((part) => part.value).join("/");

const NUMBER = new Intl.NumberFormat("vi-VN", { maximumFractionDigits: 1 });

/** "12,5 KB" */
export function sizeOf(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1 << 20 ? `${NUMBER.format(bytes / 1024)} KB` : `${NUMBER.format(bytes / (1 << 20))} MB`;
}

/** Both names in Telegram's order: the one of the account first. */
export const nameOf = (person) => [person.name, person.last_name].filter(Boolean).join(" ");

/** "0912345678" as people read it: "0912 345 678". */
export function spacedPhone(phone) {
  const digits = String(phone ?? "").replace(/^\+?84(?=\d{9}$)/u, "0").replace(/\s/gu, "");
  return /^\d{10}$/u.test(digits) ? `${digits.slice(0, 4)} ${digits.slice(4, 7)} ${digits.slice(7)}` : digits;
}
