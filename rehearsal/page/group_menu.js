// What a member may do with a group and with the bot in it, as a menu; the sheets behind its items.

import { icon, make, nameOf, paintAvatar } from "/page/dom.js";
import { openSheet } from "/page/overlay.js";
import { WORDS } from "/page/words.js";

const GENERAL = 1;

/** `[label, act, role]` of each item the member may press now. */
export function groupMenu(pane) {
  const { group } = pane;
  const act = (deed, asked) => () => pane.do(() => pane.calls.act(deed, asked));
  const items = [[group.kind === "channel" ? WORDS.subscribersItem : WORDS.membersItem, () => openMembers(pane), "members"]];
  items.push(...botItems(pane, act));
  if (group.forum) items.push(...topicItems(pane, act));
  if (pane.isAdmin) items.push(...adminItems(pane, act));
  items.push([group.kind === "channel" ? WORDS.leaveChannel : WORDS.leaveGroup, () => leave(pane), "leave"]);
  if (pane.me?.status === "creator") items.push([WORDS.deleteGroup, () => end(pane), "delete-group"]);
  return items;
}

function botItems(pane, act) {
  const { group } = pane;
  if (group.bot === "left" || group.bot === "kicked") {
    const mayAdd = group.kind !== "channel" || pane.isAdmin;
    return mayAdd ? [[WORDS.addBot, () => pane.phone.addBotTo(pane), "bot-add"]] : [];
  }
  const items = group.kind === "channel" ? [] : [[WORDS.sendCode, () => pane.phone.addBotTo(pane), "bot-code"]];
  if (!pane.isAdmin) return items;
  const isMuted = group.bot === "restricted" || (group.muted && group.kind !== "supergroup");
  if (group.kind !== "channel") {
    items.push(group.bot === "administrator" ? [WORDS.demoteBot, act("bot/demote"), "bot-demote"] : [WORDS.promoteBot, act("bot/promote"), "bot-promote"]);
  }
  const words = WORDS.muting[group.kind];
  items.push(isMuted ? [words.off, act("bot/unmute"), "bot-unmute"] : [words.on, act("bot/mute"), "bot-mute"]);
  items.push([WORDS.removeBot, act("bot/remove"), "bot-remove"]);
  return items;
}

function topicItems(pane, act) {
  const { group } = pane;
  const items = [[WORDS.newTopic, () => openTopic(pane), "topic-new"]];
  const topic = group.topics.find((one) => one.id === pane.topic);
  if (!pane.isAdmin || topic === undefined) return items;
  items.push(topic.closed ? [WORDS.reopenTopic, act("topics/reopen", { topic: topic.id }), "topic-reopen"] : [WORDS.closeTopic, act("topics/close", { topic: topic.id }), "topic-close"]);
  if (topic.id !== GENERAL) items.push([WORDS.deleteTopic, act("topics/delete", { topic: topic.id }), "topic-delete"]);
  return items;
}

function adminItems(pane, act) {
  const { group } = pane;
  const items = [];
  if (group.kind === "supergroup") items.push([pane.me.anonymous ? WORDS.anonymousOff : WORDS.anonymousOn, act("anonymous"), "anonymous"]);
  if (group.kind === "group") items.push([WORDS.upgrade, act("migrate"), "migrate"]);
  if (group.kind !== "channel" && !group.forum) items.push([WORDS.makeForum, act("forum"), "forum"]);
  return items;
}

async function leave(pane) {
  const isSure = await sure(pane, WORDS.leaveTitle(pane.group.title), WORDS.leave);
  if (isSure) await pane.do(() => pane.calls.act("remove", { person: pane.phone.person.id }));
}

async function end(pane) {
  const isSure = await sure(pane, WORDS.deleteTitle(pane.group.title), WORDS.delete);
  if (isSure) await pane.do(() => pane.calls.act("delete"));
}

function sure(pane, title, label) {
  return openSheet(pane.screen, { title, actions: [{ label: WORDS.cancel, value: false }, { label, value: true, role: "sheet-confirm", main: true }] });
}

async function openTopic(pane) {
  const name = make("input", { type: "text", maxlength: "128", "aria-label": WORDS.topicName, placeholder: WORDS.topicName, data: { role: "topic-name" } });
  const isMade = await openSheet(pane.screen, {
    title: WORDS.newTopic,
    content: make("div", { class: "sheet-form" }, name),
    focus: name,
    actions: [{ label: WORDS.cancel, value: false }, { label: WORDS.make, value: true, role: "topic-make", main: true }],
  });
  if (!isMade || !name.value.trim()) return;
  const done = await pane.do(() => pane.calls.act("topics", { name: name.value.trim() }));
  if (!done) return;
  pane.group = done.answer;
  pane.openTopic(done.answer.topics.at(-1).id);
}

/** The members with their ranks; for administrators also what can be done to each. */
async function openMembers(pane) {
  const box = make("div", { class: "member-list" });
  const draw = () => box.replaceChildren(...pane.group.members.map((member) => memberLine(pane, member, change)), botLine(pane), addLine(pane, change));
  const change = async (deed, person) => {
    const done = await pane.do(() => pane.calls.act(deed, { person }));
    if (!done) return;
    pane.group = done.answer;
    draw();
  };
  draw();
  await openSheet(pane.screen, { title: pane.group.title, content: box, actions: [{ label: WORDS.close, value: true, main: true }] });
}

function memberLine(pane, member, change) {
  const avatar = make("span", { class: "avatar", "aria-hidden": "true" });
  paintAvatar(avatar, member);
  const rank = member.anonymous ? WORDS.anonymousRank : WORDS.ranks[member.status];
  const line = make("div", { class: "member" }, avatar, make("span", { class: "member-name" }, make("b", {}, member.name), make("span", {}, rank)));
  const isOther = member.id !== pane.phone.person.id && member.status !== "creator";
  if (!pane.isAdmin || !isOther) return line;
  const isAdmin = member.status === "administrator";
  line.append(
    make(
      "span",
      { class: "member-acts" },
      make("button", { type: "button", data: { role: isAdmin ? "demote" : "promote" }, onclick: () => change(isAdmin ? "demote" : "promote", member.id) }, isAdmin ? WORDS.demote : WORDS.promote),
      make("button", { type: "button", data: { role: "remove" }, onclick: () => change("remove", member.id) }, WORDS.remove),
    ),
  );
  return line;
}

function botLine(pane) {
  const standing = WORDS.botRanks[pane.group.bot];
  const name = make("span", { class: "member-name" }, make("b", {}, pane.phone.botName), make("span", {}, standing));
  return make("div", { class: "member" }, icon("mark", "member-mark"), name);
}

function addLine(pane, change) {
  const inside = new Set(pane.group.members.map((member) => member.id));
  const others = pane.phone.hooks.people().filter((person) => !inside.has(person.id));
  if (others.length === 0) return make("p", { class: "member-note" }, WORDS.nobodyElse);
  const select = make("select", { "aria-label": WORDS.addMember, data: { role: "member-choice" } }, ...others.map((person) => make("option", { value: person.id }, nameOf(person))));
  return make(
    "div",
    { class: "member-add" },
    select,
    make("button", { type: "button", data: { role: "member-add" }, onclick: () => change("add", Number(select.value)) }, WORDS.addMember),
  );
}
