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
  if (body !== undefined) {
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

/** null: this server has no contest clock. */
export async function getClock() {
  const { status, answer } = await call("GET", "/clock");
  return status === 200 ? answer : null;
}
export const setClock = (change) => post("/clock", change);

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
    block: () => post(`${base}/block`),
    unblock: () => post(`${base}/unblock`),
  };
}
