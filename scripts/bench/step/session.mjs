// Our side of the step bench: answers {"open": {config, threads, learningRate}}, {"parameters": config}, {"run": steps},
// {"peak": true} and {"load": true} (ONNX Runtime alone) on stdin, one JSON line each.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { messageOf } from '../../../dist/base/errors.js';
import { SessionHost } from '../../../dist/measure/session/session-host.js';

const host = new SessionHost();
let learningRate = 0;

async function answer(request) {
  if (request.open) {
    learningRate = request.open.learningRate;
    return host.open({ config: request.open.config, deviceId: 0, threads: request.open.threads });
  }
  // Apart: it builds the network in this thread once more, which must not count as memory of the session.
  if (request.parameters) {
    const { workload } = await import('../../../dist/networks/index.js');
    return { parameters: workload(request.parameters).param_count };
  }
  if (request.run) return { ms: await host.timeRun(request.run, learningRate) };
  if (request.load) await import('onnxruntime-node');
  return { peakBytes: 1024 * Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]) };
}

for await (const line of createInterface({ input: process.stdin })) {
  const said = await answer(JSON.parse(line)).catch((error) => ({ error: messageOf(error) }));
  process.stdout.write(`${JSON.stringify(said)}\n`);
}
await host.close();
