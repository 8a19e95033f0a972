// The units whose QR poster a person may scan, as options of a select, grouped by block.

import { make } from "/page/dom.js";
import { BLOCKS } from "/page/words.js";

/** `none`: the text of the empty choice, or null when there is none. */
export function fillUnits(select, units, none) {
  const groups = Map.groupBy ? Map.groupBy(units, blockOf) : grouped(units);
  const option = (unit) => make("option", { value: unit.code }, `${unit.name} (${unit.code})`);
  const parts = [...groups].map(([block, members]) =>
    groups.size > 1 ? make("optgroup", { label: BLOCKS[block] ?? block }, ...members.map(option)) : members.map(option),
  );
  select.replaceChildren(...(none === null ? [] : [make("option", { value: "" }, none)]), ...parts.flat());
}

const blockOf = (unit) => unit.block ?? "";

function grouped(units) {
  const groups = new Map();
  for (const unit of units) groups.set(blockOf(unit), [...(groups.get(blockOf(unit)) ?? []), unit]);
  return groups;
}
