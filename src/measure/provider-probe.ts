/**
 * Child process of `providers.ts`: creates a one-node session on the provider named in argv and prints the outcome as
 * JSON. A process of its own because a provider that fails writes to stderr natively, and a broken driver may abort.
 */
import * as ort from 'onnxruntime-node';
import { messageOf } from '../base/errors.js';

// ModelProto, opset 18: y = Identity(x), float32 [1].
const identityModel = Buffer.from(
  'CAg6NwoQCgF4EgF5IghJZGVudGl0eRIBZ1oPCgF4EgoKCAgBEgQKAggBYg8KAXkSCgoICAESBAoCCAFCBAoAEBI=',
  'base64',
);

const provider = process.argv[2] ?? 'cpu';
try {
  const session = await ort.InferenceSession.create(identityModel, { executionProviders: [provider] });
  const outputs = await session.run({ x: new ort.Tensor('float32', [3], [1]) });
  const answer = (outputs.y?.data as Float32Array | undefined)?.[0];
  if (answer !== 3) throw new Error(`identity of 3 came back as ${answer}`);
  process.stdout.write(JSON.stringify({ usable: true, reason: null }));
} catch (error) {
  // Keep what a person can use: the first line, without the C++ source location in front of it.
  const firstLine = messageOf(error).trim().split('\n')[0] ?? '';
  const reason = /Failed to .*/.exec(firstLine)?.[0] ?? firstLine;
  process.stdout.write(JSON.stringify({ usable: false, reason }));
}
