import type { ProgressEvent } from '../base/progress.js';
import { jsonCell } from '../pipeline/output-folder.js';
import { formatDuration } from './text.js';

const barWidth = 24;

/** Where a command's words go: results to stdout, progress and notes to stderr. */
export class Console {
  readonly #json: boolean;
  readonly #quiet: boolean;
  readonly #bars: boolean;
  #barShown = false;
  #stage: { name: string; startedMs: number } | null = null;

  constructor({ json, quiet }: { json: boolean; quiet: boolean }) {
    this.#json = json;
    this.#quiet = quiet;
    this.#bars = Boolean(process.stderr.isTTY) && !quiet;
  }

  /** The command's result: one JSON document with --json, else text for a person. */
  result(document: object, text: string): void {
    this.#clearBar();
    process.stdout.write(this.#json ? `${JSON.stringify(document, jsonCell, 2)}\n` : `${text}\n`);
  }

  /** A remark that must not be missed; also shown with --quiet when it is a warning. */
  note = (note: string): void => {
    if (this.#quiet) return;
    this.#clearBar();
    process.stderr.write(`${note}\n`);
  };

  /** A bar on a terminal, a plain line elsewhere. */
  progress = (event: ProgressEvent): void => {
    if (this.#quiet) return;
    if (this.#stage?.name !== event.stage) this.#stage = { name: event.stage, startedMs: performance.now() };
    const { done, total, detail } = event;
    const counted = done !== undefined && total !== undefined && total > 0;
    const words = [event.stage, counted ? `${done}/${total}` : '', detail ?? ''];
    if (!this.#bars) {
      process.stderr.write(`${words.filter(Boolean).join('  ')}\n`);
      return;
    }
    if (counted) {
      const filled = Math.round((barWidth * done) / total);
      words.splice(1, 0, `[${'='.repeat(filled)}${' '.repeat(barWidth - filled)}]`);
      const elapsedMs = performance.now() - this.#stage.startedMs;
      if (done > 0 && done < total) words.push(`(${formatDuration((elapsedMs / done) * (total - done))} left)`);
    }
    const columns = process.stderr.columns ?? 80;
    process.stderr.write(
      `\r\x1b[K${words
        .filter(Boolean)
        .join(' ')
        .slice(0, columns - 1)}`,
    );
    this.#barShown = true;
  };

  /** Ends a bar that is still on screen. */
  close(): void {
    this.#clearBar();
  }

  #clearBar(): void {
    if (this.#barShown) process.stderr.write('\r\x1b[K');
    this.#barShown = false;
  }
}
