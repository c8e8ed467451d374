// A process that stays and answers requests: one JSON line each way, over stdin and stdout.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { familyCpuMs } from './process-cpu.mjs';

export class Resident {
  #child;
  #lines;
  #stderr = '';

  /** @param environment beside that of this process; null takes a variable away */
  constructor(command, args, environment = {}) {
    const env = { ...process.env, ...environment };
    for (const [name, value] of Object.entries(env)) if (value === null) delete env[name];
    this.#child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    // Writing to a process that has died is told by the answer that does not come.
    this.#child.stdin.on('error', () => {});
    this.#child.stderr.setEncoding('utf8').on('data', (text) => {
      this.#stderr = (this.#stderr + text).slice(-4000);
    });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** Sends a request and waits for its answer; throws what the other side says went wrong. */
  async ask(request) {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`${this.#child.spawnargs[0]} ended without an answer: ${this.#lastWords()}`);
    const answer = JSON.parse(value);
    if (answer.error) throw new Error(answer.error);
    return answer;
  }

  /** CPU time of the process and those that it has started so far, ms; the kernel counts in ticks of 10 ms. */
  cpuMs() {
    return familyCpuMs(this.#child.pid);
  }

  /** Ends the process by the end of its input. */
  async end() {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.stdin.end();
    await ended;
  }

  #lastWords() {
    return this.#stderr.trim().split('\n').at(-1) || 'it said nothing';
  }
}
