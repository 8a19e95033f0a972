// Sheets that lead into groups: make one, add the bot by its link, forward a message to one.

import { make, nameOf } from "/page/dom.js";
import { openSheet } from "/page/overlay.js";
import { fillUnits } from "/page/units.js";
import { WORDS } from "/page/words.js";

const MAX_LISTED = 60;

/** Asks for a new group or channel: the server's `NewGroup` without `by`, or null. */
export async function askForGroup(phone, kind) {
  const isChannel = kind === "channel";
  const title = make("input", { type: "text", maxlength: "128", value: isChannel ? WORDS.exampleChannel : WORDS.exampleGroup, data: { role: "group-title" } });
  const forum = make("input", { type: "checkbox", data: { role: "group-forum" } });
  const bot = make("input", { type: "checkbox", data: { role: "group-bot" } });
  const others = phone.hooks.people().filter((person) => person.id !== phone.person.id).slice(-MAX_LISTED);
  const boxes = others.map((person) => [person.id, make("input", { type: "checkbox", checked: true })]);
  const names = boxes.map(([, box], index) => make("label", { class: "check" }, box, nameOf(others[index])));
  const isMade = await openSheet(phone.screen, {
    title: isChannel ? WORDS.newChannel : WORDS.newGroup,
    content: make(
      "div",
      { class: "sheet-form" },
      make("label", {}, WORDS.groupTitle, title),
      names.length ? make("fieldset", {}, make("legend", {}, isChannel ? WORDS.channelMembers : WORDS.groupMembers), ...names) : null,
      isChannel ? null : make("label", { class: "check" }, forum, WORDS.withTopics),
      make("label", { class: "check" }, bot, isChannel ? WORDS.botIntoChannel : WORDS.botAtOnce),
    ),
    actions: [{ label: WORDS.cancel, value: false }, { label: WORDS.make, value: true, role: "group-make", main: true }],
  });
  if (!isMade || !title.value.trim()) return null;
  const members = boxes.filter(([, box]) => box.checked).map(([id]) => id);
  return { title: title.value.trim(), members, kind, forum: !isChannel && forum.checked, bot: bot.checked };
}

/** How the bot is added: `{ code, admin }`, or null. `link` fills in what a link already says. */
export async function askHowToAdd(phone, group, link = {}) {
  const code = make("input", { type: "text", maxlength: "64", pattern: "[A-Za-z0-9_\\-]*", value: link.code ?? "", autocomplete: "off", data: { role: "start-code" } });
  const units = make("select", { "aria-label": WORDS.unitOfCode, data: { role: "code-unit" } });
  fillUnits(units, phone.units, WORDS.noUnitCode);
  units.addEventListener("change", () => (code.value = units.value));
  const admin = make("input", { type: "checkbox", checked: Boolean(link.admin), data: { role: "as-admin" } });
  const isHere = group.bot !== "left" && group.bot !== "kicked";
  const isChannel = group.kind === "channel";
  const isSure = await openSheet(phone.screen, {
    title: isHere ? WORDS.sendCode : WORDS.addBotTitle(group.title),
    text: isChannel ? WORDS.addBotChannel : WORDS.addBotText,
    content: isChannel
      ? null
      : make(
          "div",
          { class: "sheet-form" },
          phone.units.length && !link.code ? make("label", {}, WORDS.unitOfCode, units) : null,
          make("label", {}, WORDS.startCode, code),
          isHere ? null : make("label", { class: "check" }, admin, WORDS.asAdmin),
        ),
    actions: [{ label: WORDS.cancel, value: false }, { label: isHere ? WORDS.send : WORDS.add, value: true, role: "bot-add-confirm", main: true }],
  });
  if (!isSure || !code.checkValidity()) return null;
  return { code: code.value.trim(), admin: admin.checked };
}

/** Which of the person's chats: a group, "new" for one yet to be made, or null. */
export async function askForChat(phone, { title, groups, withNew = false, withBot = false }) {
  const actions = groups.map((group) => ({ label: group.title, value: group, role: `chat-${group.id}` }));
  if (withBot) actions.unshift({ label: phone.botName, value: "bot", role: "chat-bot" });
  if (withNew) actions.push({ label: WORDS.newGroup, value: "new", role: "chat-new" });
  return openSheet(phone.screen, { title, stacked: true, actions: [{ label: WORDS.cancel, value: null }, ...actions] });
}
