import { parentPort } from 'node:worker_threads';
import { answerCommands, threadSource } from '../commands.js';
import { ForeignCpuMeter } from '../foreign-cpu.js';
import type { BatchBuffers } from '../loader/batch-maker.js';
import { iterate } from './iterate.js';
import type { SessionCommand } from './messages.js';
import { OnnxSession } from './onnx-session.js';
import { randomBatch } from './random-batch.js';
import { measureStepTime } from './step-time.js';

/** The trial worker: owns the session, since a run blocks the thread that it is called from. */

let opened: { session: OnnxSession; madeUpBatch: () => BatchBuffers } | null = null;

answerCommands<SessionCommand>(threadSource(parentPort!), async (command) => {
  if (command.kind === 'open') {
    await opened?.session.release();
    opened = null;
    const session = await OnnxSession.open(command.settings);
    let batch: BatchBuffers | null = null;
    opened = {
      session,
      madeUpBatch() {
        batch ??= randomBatch(session, command.settings.config);
        return batch;
      },
    };
    return session.openTimes;
  }
  if (!opened) throw new Error('no session is open');
  const { session, madeUpBatch } = opened;
  switch (command.kind) {
    case 'iterate':
      return iterate(session, command.request);
    case 'losses': {
      const feeds = session.feeds(madeUpBatch(), command.learningRate);
      return Array.from(await session.train(feeds, command.steps));
    }
    case 'time': {
      const feeds = session.feeds(madeUpBatch(), command.learningRate);
      const begin = performance.now();
      await session.train(feeds, command.steps);
      return performance.now() - begin;
    }
    case 'step': {
      const feeds = session.feeds(madeUpBatch(), command.request.learningRate);
      const meter = new ForeignCpuMeter();
      return measureStepTime(
        { run: (trips) => session.train(feeds, trips), now: () => performance.now(), readCpu: () => meter.read() },
        command.request,
      );
    }
  }
});
