// Values that say when they change.

/** Something that views watch. */
export class Observable {
  #listeners = new Set();

  /**
   * Calls `listener` at every change, until `signal` aborts.
   * @param {() => void} listener
   * @param {AbortSignal} signal
   */
  subscribe(listener, signal) {
    if (signal.aborted) return;
    this.#listeners.add(listener);
    signal.addEventListener("abort", () => this.#listeners.delete(listener), { once: true });
  }

  /** Tells everyone who watches. */
  notify() {
    for (const listener of [...this.#listeners]) listener();
  }
}
