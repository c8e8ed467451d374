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
    tell(`${note}\n`);
  };

  /** A bar on a terminal; elsewhere a plain line for each stage and each unit that is finished. */
  progress = (event: ProgressEvent): void => {
    if (this.#quiet) return;
    if (this.#stage?.name !== event.stage) this.#stage = { name: event.stage, startedMs: performance.now() };
    if (this.#bars) this.#showBar(event, this.#stage.startedMs);
    else if (event.detail !== undefined || event.current === undefined) tell(`${lineOf(event)}\n`);
  };

  #showBar(event: ProgressEvent, startedMs: number): void {
    const words = barWords(event, performance.now() - startedMs)
      .filter(Boolean)
      .join(' ');
    tell(`\r\x1b[K${words.slice(0, (process.stderr.columns ?? 80) - 1)}`);
    this.#barShown = true;
  }

  /** Ends a bar that is still on screen. */
  close(): void {
    this.#clearBar();
  }

  #clearBar(): void {
    if (this.#barShown) tell('\r\x1b[K');
    this.#barShown = false;
  }
}

/** What is told on the way is worth less than what is measured: where nobody can read it, the work goes on. */
function tell(text: string): void {
  try {
    process.stderr.write(text);
  } catch {
    // A log on a full disk, say.
  }
}

const left = (ms: number): string => `(${formatDuration(ms)} left)`;

const countOf = ({ done, total }: ProgressEvent): string => (total ? `${done}/${total}` : '');

function lineOf(event: ProgressEvent): string {
  const { stage, detail, remainingMs } = event;
  const words = [stage, countOf(event), detail ?? '', remainingMs ? left(remainingMs) : ''];
  return words.filter(Boolean).join('  ');
}

function barWords(event: ProgressEvent, elapsedMs: number): string[] {
  const { stage, done, total, detail, current } = event;
  const unit = current ?? detail ?? '';
  if (done === undefined || !total) return [stage, unit];
  const filled = Math.round((barWidth * done) / total);
  const bar = `[${'='.repeat(filled)}${' '.repeat(barWidth - filled)}]`;
  const remainingMs = event.remainingMs ?? (done > 0 ? (elapsedMs / done) * (total - done) : 0);
  return [stage, bar, countOf(event), remainingMs > 0 ? left(remainingMs) : '', unit];
}
