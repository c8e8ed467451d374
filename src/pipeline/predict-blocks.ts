import { CommandChannel, threadPeer } from '../measure/commands.js';
import type { HybridModel } from '../model/hybrid/model.js';
import { lineBlocksOf, NotInBlocks } from '../records/line-blocks.js';
import { type RecordPlan, recordPlan } from '../records/read.js';
import { replaceFile } from '../records/replace-file.js';
import { headerText } from '../records/write.js';
import { predictedColumns, predictedRecords } from './predicted-rows.js';
import { Turnstile } from './turnstile.js';

const blockBytes = 2 ** 17;
/** Blocks that a thread has before it, so that it never waits for the next one. */
const blocksAhead = 2;

/** A block of lines to be predicted. */
export interface BlockCommand {
  kind: 'block';
  bytes: Uint8Array;
  /** Among those of all files. */
  number: number;
  /** Of its file. */
  header: string[];
  /** Whether it begins with the header. */
  isFirst: boolean;
}

export type PredictCommand =
  | { kind: 'begin'; model: HybridModel; plan: RecordPlan; turnstile: SharedArrayBuffer }
  | BlockCommand;

/** Lines of `predictions.csv`. */
export interface PredictedBlock {
  rows: number;
  text: string;
}

type PredictThread = CommandChannel<PredictCommand>;

/**
 * Predicts the records of large files on several threads and writes them in order; returns their number.
 * Throws NotInBlocks, with nothing written, where a block cannot be predicted by itself, for whatever reason.
 */
export async function predictBlocks(
  file: string,
  model: HybridModel,
  files: readonly string[],
  threadCount: number,
): Promise<number> {
  const plan = await recordPlan(files, predictedRecords);
  const { memory } = new Turnstile();
  const script = new URL('./predict-worker.js', import.meta.url);
  const threads = Array.from(
    { length: threadCount },
    () => new CommandChannel<PredictCommand>(threadPeer(script), 'A thread that predicts'),
  );
  let rows = 0;
  async function* texts(): AsyncGenerator<string> {
    yield headerText(predictedColumns);
    for await (const block of inOrder(threads, commandsOf(files, plan))) {
      rows += block.rows;
      yield block.text;
    }
    if (rows === 0) throw new NotInBlocks('no record is left');
  }
  try {
    const begun = threads.map((thread) => thread.call({ kind: 'begin', model, plan, turnstile: memory }));
    await Promise.all(begun);
    await replaceFile(file, texts());
  } finally {
    await Promise.all(threads.map((thread) => thread.end()));
  }
  return rows;
}

async function* commandsOf(files: readonly string[], plan: RecordPlan): AsyncGenerator<BlockCommand> {
  let number = 0;
  for (const [index, name] of files.entries()) {
    let isFirst = true;
    for await (const bytes of lineBlocksOf(name, blockBytes)) {
      yield { kind: 'block', bytes, number: number++, header: plan.headers[index]!, isFirst };
      isFirst = false;
    }
  }
}

/** Hands the blocks to the threads by turns. */
async function* inOrder(
  threads: readonly PredictThread[],
  commands: AsyncIterable<BlockCommand>,
): AsyncGenerator<PredictedBlock> {
  const pending: Promise<PredictedBlock>[] = [];
  for await (const command of commands) {
    const thread = threads[command.number % threads.length]!;
    const predicted = thread
      .call<PredictedBlock>(command, [command.bytes.buffer as ArrayBuffer])
      .catch((error: unknown) => Promise.reject(new NotInBlocks('a block failed', { cause: error })));
    // Whoever awaits it hears of its failure; until then it is nobody's.
    predicted.catch(() => undefined);
    pending.push(predicted);
    if (pending.length >= blocksAhead * threads.length) yield pending.shift()!;
  }
  yield* pending;
}
