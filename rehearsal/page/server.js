// The stand-in's people-side HTTP: one function a call. Errors become ServerError with the status.

export class ServerError extends Error {
  constructor(status, detail) {
    super(detail || `HTTP ${status}`);
    this.status = status;
    this.detail = detail;
  }
}

async function call(method, path, body) {
  const request = { method, cache: "no-store" };
  if (body instanceof FormData) {
    request.body = body;
  } else if (body !== undefined) {
    request.headers = { "Content-Type": "application/json" };
    request.body = JSON.stringify(body);
  }
  const response = await fetch(path, request);
  const text = await response.text();
  let answer = null;
  try {
    answer = text ? JSON.parse(text) : null;
  } catch {
    answer = null;
  }
  if (!response.ok) throw new ServerError(response.status, answer?.error ?? answer?.description ?? "");
  return { status: response.status, answer };
}

const get = async (path) => (await call("GET", path)).answer;
const post = async (path, body = {}) => (await call("POST", path, body)).answer;

export const getBot = () => get("/bot");
export const getUnits = () => get("/units");
export const getPeople = () => get("/people");
export const addPerson = (person) => post("/people", person);
export const addGroup = (group) => post("/groups", group);

/** null: this server has no contest clock. */
export async function getClock() {
  const { status, answer } = await call("GET", "/clock");
  return status === 200 ? answer : null;
}
export const setClock = (change) => post("/clock", change);

/** `fields`: kind ("photo" or "document"), caption, and the place in a group. */
function upload(base, file, fields) {
  const form = new FormData();
  for (const [name, content] of Object.entries(fields)) form.set(name, String(content));
  form.set("file", file, file.name);
  return post(`${base}/upload`, form);
}

/** What one person can do. */
export function callsOf(id) {
  const base = `/people/${encodeURIComponent(id)}`;
  return {
    chat: () => get(`${base}/chat`),
    events: () => new EventSource(`${base}/events`),
    start: (payload) => post(`${base}/start`, payload ? { payload } : {}),
    text: (text) => post(`${base}/text`, { text }),
    tap: (messageId, data) => post(`${base}/tap`, { message_id: messageId, data }),
    contact: () => post(`${base}/contact`),
    send: (kind) => post(`${base}/${kind}`),
    upload: (file, fields) => upload(base, file, fields),
    forward: (message) => post(`${base}/forward`, message),
    block: () => post(`${base}/block`),
    unblock: () => post(`${base}/unblock`),
  };
}

/** What person `by` can do in a group. `place`: { topic, reply_to }. */
export function groupCallsOf(id, by) {
  const base = `/groups/${encodeURIComponent(id)}`;
  return {
    chat: () => get(`${base}/chat?person=${encodeURIComponent(by)}`),
    text: (text, place) => post(`${base}/text`, { by, text, ...place }),
    tap: (messageId, data) => post(`${base}/tap`, { by, message_id: messageId, data }),
    upload: (file, fields) => upload(base, file, { by, ...fields }),
    /** Any deed of the group: "bot/add", "promote", "topics/close" … */
    act: (deed, asked = {}) => post(`${base}/${deed}`, { by, ...asked }),
  };
}
