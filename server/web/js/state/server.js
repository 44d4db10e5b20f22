// What the page knows of its server: who is signed in, and whether the models are loaded.

import { ConnectionLost, request } from "../api.js";
import { Observable } from "../observable.js";

const POLL_MS = 1500;

class Server extends Observable {
  /** @type {{required: boolean, signed_in: boolean, name?: string|null}} */
  session = { required: false, signed_in: false, name: null };
  /** @type {"unknown"|"ready"|"loading"|"failed"|"stopping"|"unreachable"} */
  status = "unknown";
  detail = "";
  model = "";
  snapshot = "";
  /** How many documents the index holds. */
  documents = 0;
  #watching = null;

  /** @returns {boolean} whether somebody has to sign in first */
  get locked() {
    return this.session.required && !this.session.signed_in;
  }

  /** @returns {boolean} whether loading failed, so that waiting is no use */
  get failed() {
    return this.status === "failed";
  }

  /** Asks who is signed in. */
  async checkSession() {
    try {
      this.session = await request("GET", "v1/session");
    } catch (error) {
      if (!(error instanceof ConnectionLost)) return;
      this.status = "unreachable";
    }
    this.notify();
  }

  /**
   * @param {string} key
   * @throws {import("../api.js").Problem} where the key is wrong
   */
  async signIn(key) {
    await request("POST", "v1/session", { body: { key } });
    await this.checkSession();
  }

  /** Signs out. */
  async signOut() {
    await request("DELETE", "v1/session");
    await this.checkSession();
  }

  /**
   * Waits until the server is ready; one waiting at a time.
   * @returns {Promise<void>}
   */
  watch() {
    this.#watching ??= this.#poll().finally(() => {
      this.#watching = null;
    });
    return this.#watching;
  }

  async #poll() {
    for (;;) {
      const known = this.status;
      await this.#check();
      if (known !== this.status) this.notify();
      if (this.status === "ready" || this.status === "failed") return;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  /** A plain fetch: a 503 is no error here, and its problem says what is being done. */
  async #check() {
    try {
      const response = await fetch("readyz", { headers: { Accept: "application/json" } });
      const told = await response.json();
      this.status = response.ok ? "ready" : (told.state ?? "loading");
      this.detail = told.reason ?? told.detail ?? "";
      this.model = told.model ?? "";
      this.snapshot = told.snapshot ?? "";
      this.documents = told.documents ?? 0;
    } catch {
      this.status = "unreachable";
    }
  }
}

export const server = new Server();
