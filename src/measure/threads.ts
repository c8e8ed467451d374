import { type MessagePort, type Transferable, Worker } from 'node:worker_threads';
import { MissingDeviceError, messageOf, OrionError } from '../base/errors.js';

/** What a worker thread answers: the result of a command, or why it failed. */
type Answer = { id: number; result: unknown } | { id: number; failure: Failure };

interface Failure {
  message: string;
  /** Of an OrionError. */
  code: string | null;
}

/** A worker thread that answers commands, one promise each. */
export class CommandThread<Command> {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  #nextId = 0;
  #ended: Error | null = null;

  /**
   * @param script module that calls `answerCommands`
   * @param purpose starts the sentence when the thread dies
   * @param onDeath called when the thread ends without having been asked to
   */
  constructor(script: URL, purpose: string, onDeath?: () => void) {
    this.#worker = new Worker(script);
    this.#worker.on('message', (answer: Answer) => this.#settle(answer));
    const died = (why: string) => {
      if (this.#ended) return;
      this.#ended = new Error(`${purpose} stopped: ${why}`);
      for (const { reject } of this.#waiting.values()) reject(this.#ended);
      this.#waiting.clear();
      onDeath?.();
    };
    this.#worker.on('error', (error) => died(messageOf(error)));
    this.#worker.on('exit', (code) => died(`exit code ${code}`));
    // An idle thread keeps no process alive; `call` holds it while an answer is due.
    this.#worker.unref();
  }

  get alive(): boolean {
    return this.#ended === null;
  }

  call<Result>(command: Command, transfer: Transferable[] = []): Promise<Result> {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = this.#nextId++;
    this.#worker.ref();
    return new Promise<Result>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, command }, transfer);
    });
  }

  async end(): Promise<void> {
    this.#ended ??= new Error('the thread was ended');
    await this.#worker.terminate();
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (this.#waiting.size === 0) this.#worker.unref();
    if (!waiting) return;
    if ('failure' in answer) waiting.reject(revive(answer.failure));
    else waiting.resolve(answer.result as never);
  }
}

/** The worker's side: answers each command with what `handle` returns or throws. */
export function answerCommands<Command>(port: MessagePort, handle: (command: Command) => unknown): void {
  port.on('message', async ({ id, command }: { id: number; command: Command }) => {
    try {
      port.postMessage({ id, result: await handle(command) });
    } catch (error) {
      const code = error instanceof OrionError ? error.code : null;
      port.postMessage({ id, failure: { message: messageOf(error), code } });
    }
  });
}

function revive({ message, code }: Failure): Error {
  if (code === 'MISSING_DEVICE' || code === 'MISSING_ENGINE') return new MissingDeviceError(message, { code });
  return new Error(message);
}
