// One shape per network: what is trained, and the options of PyTorch's optimizer of the same name (ORION section 1).

const image = (size, classes, batchSize) => ({ imageShape: [3, size, size], classes, batchSize });
const sgd = { optimizer: 'SGD', optimizerOptions: { momentum: 0.9, weight_decay: 1e-4 } };
const adamW = (weightDecay) => ({ optimizer: 'AdamW', optimizerOptions: { weight_decay: weightDecay } });
const text = { sequenceLength: 128, vocabularySize: 30_000, batchSize: 8 };

/** Name -> configuration. */
export const cases = {
  resnet50: { ...image(64, 200, 32), ...sgd },
  vgg16: { ...image(32, 100, 32), ...sgd },
  densenet121: { ...image(32, 100, 32), ...sgd },
  mobilenetv2: { ...image(32, 10, 32), ...sgd },
  mixer: { ...image(64, 200, 32), ...adamW(0.05), embedDim: 128, depth: 10 },
  resmlp: { ...image(64, 200, 32), ...adamW(0.05), embedDim: 128, depth: 12 },
  asmlp: { ...image(64, 200, 32), ...adamW(0.05), embedDim: 128, depth: 12 },
  DistilBERT: { ...text, classes: 2, ...adamW(0), depth: 6 },
  'DeiT-Tiny': { ...image(224, 100, 8), ...adamW(0) },
  ViT: { ...image(224, 100, 4), ...adamW(0) },
  // Its labels are texts: there are as many classes as words.
  Transformer: { ...text, classes: text.vocabularySize, targetLength: 128, ...adamW(0) },
};

/** So small that the weights hardly move, however many steps are run. */
export const learningRate = 1e-5;
