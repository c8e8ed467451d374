// Runs command lines one after the other in a process of its own, each as the executable runs one: to start Node and to load
// the program takes most of a second. A child of the tests: command lines come and results go as messages.
import { main } from '#src/cli/main.js';

export interface Outcome {
  exit: number;
  stdout: string;
  stderr: string;
}

// Every command line listens to signals and streams again.
for (const emitter of [process, process.stdout, process.stderr]) emitter.setMaxListeners(0);

process.on('message', async (args: string[]) => {
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    process[name].write = (text: string | Uint8Array) => {
      said[name] += text;
      return true;
    };
  }
  const exit = await main(args);
  process.send!({ exit, ...said } satisfies Outcome);
});
