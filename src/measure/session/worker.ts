import { parentPort } from 'node:worker_threads';
import type { TrainingConfig } from '../../networks/types.js';
import { answerCommands, threadSource } from '../commands.js';
import { iterate } from './iterate.js';
import type { SessionCommand } from './messages.js';
import { OnnxSession } from './onnx-session.js';
import { randomBatch } from './random-batch.js';
import { measureStepTime } from './step-time.js';

/** The trial worker: owns the session, since a run blocks the thread that it is called from. */

let opened: { session: OnnxSession; config: TrainingConfig } | null = null;

answerCommands<SessionCommand>(threadSource(parentPort!), async (command) => {
  if (command.kind === 'open') {
    await opened?.session.release();
    opened = null;
    opened = { session: await OnnxSession.open(command.settings), config: command.settings.config };
    return null;
  }
  if (!opened) throw new Error('no session is open');
  const { session, config } = opened;
  switch (command.kind) {
    case 'iterate':
      return iterate(session, command.request);
    case 'losses': {
      const feeds = session.feeds(randomBatch(session, config), command.learningRate);
      return Array.from(await session.train(feeds, command.steps));
    }
    case 'step': {
      const feeds = session.feeds(randomBatch(session, config), command.request.learningRate);
      return measureStepTime(session, feeds, command.request);
    }
  }
});
