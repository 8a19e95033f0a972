// The line of one person's chat to the server: events as they come, the whole chat after each gap.

const RECONNECT_MS = 2_000;

export class Line {
  /** `listeners`: chat(state), lost(), back(), gone(), and events by name. */
  constructor(calls, listeners) {
    this.calls = calls;
    this.listeners = listeners;
    this.source = null;
    this.queue = null;
  }

  connect() {
    if (this.source) return;
    const source = this.calls.events();
    this.source = source;
    this.queue = [];
    source.addEventListener("open", () => this.#read(source));
    source.addEventListener("error", () => this.#lose(source));
    for (const [name, act] of Object.entries(this.listeners.events)) {
      source.addEventListener(name, ({ data }) => {
        const change = data ? JSON.parse(data) : null;
        if (this.queue) this.queue.push(() => act(change));
        else act(change);
      });
    }
  }

  disconnect() {
    clearTimeout(this.retry);
    this.source?.close();
    this.source = null;
  }

  /** Reads the whole chat; events that came meanwhile are applied after it, in their order. */
  async #read(source) {
    let chat = null;
    try {
      chat = await this.calls.chat();
    } catch (error) {
      if (this.source === source) await this.#failed(error);
      return;
    }
    if (this.source !== source) return;
    this.listeners.chat(chat);
    const queue = this.queue ?? [];
    this.queue = null;
    queue.forEach((act) => act());
    this.listeners.back();
  }

  #lose(source) {
    if (this.source !== source) return;
    this.listeners.lost();
    this.queue = [];
    if (source.readyState === EventSource.CLOSED) this.#refused();
  }

  /** The server refused the stream: either it is starting, or it does not know the person. */
  async #refused() {
    const error = await this.calls.chat().then(() => null, (reason) => reason);
    if (this.source) await this.#failed(error);
  }

  async #failed(error) {
    this.disconnect();
    if (error?.status === 404) {
      this.listeners.gone();
      return;
    }
    this.listeners.lost();
    this.retry = setTimeout(() => this.connect(), RECONNECT_MS);
  }
}
