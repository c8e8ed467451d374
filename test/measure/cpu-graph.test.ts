import ort from 'onnxruntime-node';
import t from 'tap';
import { MersenneTwister } from '#src/base/random.js';
import { placeState } from '#src/measure/session/state-placement.js';
import { defaultConfig } from '#src/networks/defaults.js';
import { trainingGraph } from '#src/networks/index.js';
import { optimizers, type TrainingConfig } from '#src/networks/types.js';
import { randomBatch, tensorOf } from '../networks/batch.js';

const options = { intraOpNumThreads: 1, logSeverityLevel: 3 } as const;
const sized = (network: string): TrainingConfig => ({ ...defaultConfig(network), batchSize: 2, depth: 1 });
const resmlp: TrainingConfig = { ...sized('resmlp'), embedDim: 16 };
const distilbert: TrainingConfig = { ...sized('DistilBERT'), sequenceLength: 8, vocabularySize: 40 };
const cases: TrainingConfig[] = [...optimizers.map((optimizer) => ({ ...resmlp, optimizer })), distilbert];

for (const config of cases) {
  t.test(
    `${config.network}, ${config.optimizer}: the form for the CPU has the losses of the graph as it is exported`,
    async (t) => {
      const graph = trainingGraph(config);
      const placed = placeState(graph, 'cpu');
      const exported = await ort.InferenceSession.create(graph.model, { ...options, externalData: [graph.state] });
      const session = await ort.InferenceSession.create(placed.model, {
        ...options,
        graphOptimizationLevel: 'disabled',
      });
      const { inputs, labels } = randomBatch(config, graph.inputs, new MersenneTwister(1));
      const [first, second] = graph.inputs;
      for (const trips of [3, 1, 2]) {
        const feeds = {
          [graph.tripInput]: new ort.Tensor('int64', [BigInt(trips)], []),
          [graph.learningRateInput]: new ort.Tensor('float32', [1e-3], []),
          [first!.name]: tensorOf(inputs, first!.dims),
          [second!.name]: tensorOf(labels, second!.dims),
        };
        const [expected, actual] = [
          await exported.run(feeds, [graph.lossOutput]),
          await session.run({ ...feeds, ...placed.feeds }, [graph.lossOutput]),
        ].map((outputs) => Array.from(outputs[graph.lossOutput]!.data as Float32Array));
        t.equal(actual!.length, trips);
        actual!.forEach((loss, step) => {
          const error = Math.abs(loss - expected![step]!) / expected![step]!;
          t.ok(error < 1e-6, `loss ${loss} of step ${step}, exported ${expected![step]}`);
        });
      }
      await Promise.all([exported.release(), session.release()]);
    },
  );
}

t.test('on the CPU parameters are inputs that share memory with the state, and moments single zeros', (t) => {
  const graph = trainingGraph({ ...resmlp, optimizer: 'SGD' });
  const { feeds, externalData } = placeState(graph, 'cpu');
  t.same(externalData, []);
  t.same(
    Object.keys(feeds),
    graph.state.pieces.map(({ name }) => name),
  );
  const weight = feeds['embedding.weight.initial']!;
  t.equal((weight.data as Float32Array).buffer, graph.state.data.buffer);
  t.same(weight.dims, [1, 192 * 16]);
  t.same(feeds['embedding.weight.momentum.initial']!.dims, [1, 1]);
  t.same(feeds['embedding.weight.momentum.initial']!.data, Float32Array.of(0));
  t.end();
});

t.test('on a GPU the state is external data, and the graph is the exported one', (t) => {
  const graph = trainingGraph({ ...resmlp, provider: 'cuda' });
  const placed = placeState(graph, 'cuda');
  t.equal(placed.model, graph.model);
  t.same(placed.feeds, {});
  t.equal(placed.externalData[0]!.data, graph.state.data);
  t.end();
});
