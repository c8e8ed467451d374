import { type ChildProcess, spawn } from 'node:child_process';

/**
 * A Python script that answers each line of its stdin with a line on stdout, one after the other. It ends with the process
 * that started it, and keeps that one alive only while an answer is awaited.
 */
export class ResidentPython {
  readonly #child: ChildProcess;
  #complaints = '';

  constructor(python: string, file: string) {
    this.#child = spawn(python, ['-B', file], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#complaints += text;
    });
    this.#keepAlive(false);
  }

  /** Resolves with the answer; rejects with what the script has said on stderr if it ends instead. */
  async answer(line: string): Promise<string> {
    this.#keepAlive(true);
    try {
      return await this.#exchange(line);
    } finally {
      this.#keepAlive(false);
    }
  }

  #exchange(line: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const child = this.#child;
      let answer = '';
      const onData = (text: Buffer) => {
        answer += text.toString();
        if (answer.endsWith('\n')) settle(() => resolve(answer.trimEnd()));
      };
      const onClose = () => settle(() => reject(new Error(`python ended: ${this.#complaints}`)));
      const settle = (how: () => void) => {
        child.stdout!.off('data', onData);
        child.off('close', onClose);
        how();
      };
      child.stdout!.on('data', onData);
      child.on('close', onClose);
      child.stdin!.write(`${line}\n`);
    });
  }

  #keepAlive(alive: boolean): void {
    const handles = [this.#child, this.#child.stdin, this.#child.stdout, this.#child.stderr] as unknown as {
      ref(): void;
      unref(): void;
    }[];
    for (const handle of handles) handle[alive ? 'ref' : 'unref']();
  }
}
