import type { OpenTimes } from './messages.js';

interface Drawable {
  readonly data: Uint8Array;
}

/** Times the parts of opening a session: begin, build the graph, draw its state, create the session. */
export class OpenTimer {
  readonly #beginMs = performance.now();
  #graphEndMs = 0;
  #stateEndMs = 0;

  /** The graph is built: draws its initial state, which happens when it is first asked for. */
  draw(state: Drawable): void {
    this.#graphEndMs = performance.now();
    void state.data;
    this.#stateEndMs = performance.now();
  }

  /** The session can run. */
  end(): OpenTimes {
    return {
      graphMs: this.#graphEndMs - this.#beginMs,
      stateMs: this.#stateEndMs - this.#graphEndMs,
      createMs: performance.now() - this.#stateEndMs,
    };
  }
}
