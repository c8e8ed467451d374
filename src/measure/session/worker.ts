import { parentPort } from 'node:worker_threads';
import { answerCommands, threadSource } from '../commands.js';
import { ForeignCpuMeter } from '../foreign-cpu.js';
import type { BatchBuffers } from '../loader/batch-maker.js';
import { computeAlone } from './compute-alone.js';
import { iterate } from './iterate.js';
import { loaderAlone } from './loader-alone.js';
import type { SessionCommand, StepperChoice } from './messages.js';
import { OnnxSession } from './onnx-session.js';
import { randomBatch } from './random-batch.js';
import { measureStepTime } from './step-time.js';
import { EmulatedStepper, SessionStepper, type Stepper } from './stepper.js';

/** The trial worker: owns the session, since a run blocks the thread that it is called from. */

let opened: { session: OnnxSession; madeUpBatch: () => BatchBuffers } | null = null;

const noBatch: BatchBuffers = { inputs: new ArrayBuffer(0), labels: new ArrayBuffer(0) };

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
  switch (command.kind) {
    case 'iterate':
      return iterate(stepperOf(command.stepper), command.request);
    case 'loaderAlone':
      return loaderAlone(command.request);
    case 'computeAlone': {
      const batch = command.stepper.kind === 'session' ? openSession().madeUpBatch() : noBatch;
      return computeAlone(stepperOf(command.stepper), batch);
    }
    case 'losses': {
      const { session, madeUpBatch } = openSession();
      const feeds = session.feeds(madeUpBatch(), command.learningRate);
      return Array.from(await session.train(feeds, command.steps));
    }
    case 'time': {
      const { session, madeUpBatch } = openSession();
      const feeds = session.feeds(madeUpBatch(), command.learningRate);
      const begin = performance.now();
      await session.train(feeds, command.steps);
      return performance.now() - begin;
    }
    case 'step': {
      const { session, madeUpBatch } = openSession();
      const feeds = session.feeds(madeUpBatch(), command.request.learningRate);
      const meter = new ForeignCpuMeter();
      return measureStepTime(
        { run: (trips) => session.train(feeds, trips), now: () => performance.now(), readCpu: () => meter.read() },
        command.request,
      );
    }
  }
});

function openSession() {
  if (!opened) throw new Error('no session is open');
  return opened;
}

function stepperOf(choice: StepperChoice): Stepper {
  if (choice.kind === 'emulated') return new EmulatedStepper(choice.stepMs);
  return new SessionStepper(openSession().session, choice.learningRate);
}
