// Telegram's deep links to the bot, which lead to the chats of this page instead of outside.

const HOSTS = new Set(["t.me", "telegram.me", "telegram.dog"]);

/** `{ kind: "start" | "startgroup", code }` of a link to the bot `username`, else null. */
export function botLink(address, username) {
  let url = null;
  try {
    url = new URL(address);
  } catch {
    return null;
  }
  const name = url.pathname.replaceAll("/", "");
  if (!HOSTS.has(url.hostname) || name.toLowerCase() !== String(username).toLowerCase()) return null;
  const query = url.searchParams;
  if (query.has("startgroup")) return { kind: "startgroup", code: query.get("startgroup"), admin: query.has("admin") };
  return { kind: "start", code: query.get("start") ?? "" };
}
