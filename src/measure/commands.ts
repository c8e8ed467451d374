import { type ChildProcess, fork } from 'node:child_process';
import { type MessagePort, type Transferable, Worker, type WorkerOptions } from 'node:worker_threads';
import { MissingDeviceError, messageOf, OrionError } from '../base/errors.js';
import { failureOf } from './failure.js';

/** What a thread or process answers: the result of a command, or why it failed. */
type Answer = { id: number; result: unknown } | { id: number; failure: Failure };

interface Failure {
  message: string;
  /** Of an OrionError. */
  code: string | null;
}

/** A thread or process that answers commands, as `CommandChannel` needs it. */
interface Peer {
  send(message: unknown, transfer: Transferable[]): void;
  onAnswer(listener: (answer: Answer) => void): void;
  /** Called with the reason when it ends, for whatever reason. */
  onEnd(listener: (reason: string) => void): void;
  /** An idle peer keeps no process alive; one that owes an answer does. */
  keepAlive(wanted: boolean): void;
  end(): Promise<void>;
}

/** Runs a module as a worker thread. */
export function threadPeer(script: URL, options: Pick<WorkerOptions, 'resourceLimits'> = {}): Peer {
  const worker = new Worker(script, options);
  return {
    send: (message, transfer) => worker.postMessage(message, transfer),
    onAnswer: (listener) => worker.on('message', listener),
    onEnd: (listener) => {
      worker.on('error', (error) => listener(messageOf(error)));
      worker.on('exit', (code) => listener(`exit code ${code}`));
    },
    keepAlive: (wanted) => (wanted ? worker.ref() : worker.unref()),
    end: async () => {
      await worker.terminate();
    },
  };
}

/** Runs a module as a child process, with these environment variables beside those of this process. */
export function processPeer(script: URL, environment: Record<string, string>): Peer {
  const child: ChildProcess = fork(script, {
    env: { ...process.env, ...environment },
    execArgv: [],
    serialization: 'advanced',
    // stdout belongs to the results.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    // A message to a child that has just died is lost; its end is told by `onEnd`.
    send: (message) => child.send(message as object, () => {}),
    onAnswer: (listener) => child.on('message', (answer) => listener(answer as Answer)),
    onEnd: (listener) => {
      child.on('error', (error) => listener(messageOf(error)));
      child.on('exit', (code, signal) => listener(signal ? `killed by ${signal}` : `exit code ${code}`));
    },
    keepAlive: (wanted) => {
      if (wanted) {
        child.ref();
        child.channel?.ref();
      } else {
        child.unref();
        child.channel?.unref();
      }
    },
    end: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.ref();
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Sends commands to a peer; each is answered by a promise. */
export class CommandChannel<Command> {
  readonly #peer: Peer;
  readonly #waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  #nextId = 0;
  #ended: Error | null = null;

  /**
   * @param peer must run a module that calls `answerCommands`
   * @param purpose starts the sentence when the peer dies
   * @param onDeath called when the peer ends without having been asked to
   */
  constructor(peer: Peer, purpose: string, onDeath?: () => void) {
    this.#peer = peer;
    peer.onAnswer((answer) => this.#settle(answer));
    peer.onEnd((reason) => {
      if (this.#ended) return;
      this.#ended = new Error(`${purpose} died (${reason})`);
      for (const { reject } of this.#waiting.values()) reject(this.#ended);
      this.#waiting.clear();
      onDeath?.();
    });
    peer.keepAlive(false);
  }

  get alive(): boolean {
    return this.#ended === null;
  }

  call<Result>(command: Command, transfer: Transferable[] = []): Promise<Result> {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = this.#nextId++;
    this.#peer.keepAlive(true);
    return new Promise<Result>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#peer.send({ id, command }, transfer);
    });
  }

  async end(): Promise<void> {
    this.#ended ??= new Error('it was ended');
    await this.#peer.end();
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (this.#waiting.size === 0) this.#peer.keepAlive(false);
    if (!waiting) return;
    if ('failure' in answer) waiting.reject(revive(answer.failure));
    else waiting.resolve(answer.result as never);
  }
}

/** Where the peer's side gets commands from and sends answers to. */
export interface CommandSource {
  receive(listener: (message: { id: number; command: never }) => void): void;
  answer(answer: Answer): void;
}

/** A worker thread's side: commands come from `parentPort`. */
export function threadSource(port: MessagePort): CommandSource {
  return {
    receive: (listener) => port.on('message', listener),
    answer: (answer) => port.postMessage(answer),
  };
}

/** A child process's side. */
export function processSource(): CommandSource {
  return {
    receive: (listener) => process.on('message', listener as (message: unknown) => void),
    answer: (answer) => process.send!(answer),
  };
}

/** The peer's side: answers each command with what `handle` returns or throws. */
export function answerCommands<Command>(source: CommandSource, handle: (command: Command) => unknown): void {
  source.receive(async ({ id, command }) => {
    try {
      source.answer({ id, result: await handle(command) });
    } catch (error) {
      const code = error instanceof OrionError ? error.code : null;
      source.answer({ id, failure: { message: failureOf(error), code } });
    }
  });
}

function revive({ message, code }: Failure): Error {
  if (code === 'MISSING_DEVICE' || code === 'MISSING_ENGINE') return new MissingDeviceError(message, { code });
  return new Error(message);
}
