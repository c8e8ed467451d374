import t from 'tap';
import { workload } from '#src/networks/index.js';
import type { TrainingConfig } from '#src/networks/types.js';

/** A convolution of a published architecture: square kernel, channels of one group in, channels out, pixels of its output. */
interface Layer {
  kernel: number;
  fromPerGroup: number;
  to: number;
  pixels: number;
}

interface Architecture {
  convolutions: Layer[];
  /** [in, out] of the linear layers. */
  linears: [number, number][];
  /** Parameters of a batch norm are counted once per norm, by its channels. */
  normChannels: number[];
  convolutionBiases: boolean;
  activationLayers: number;
}

const config = (network: string, classes: number, side: number): TrainingConfig => ({
  network,
  classes,
  imageShape: [3, side, side],
  batchSize: 4,
  optimizer: 'SGD',
  precision: 32,
  seed: 1,
  provider: 'cpu',
});

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

function vgg16(classes: number, side: number): Architecture {
  const convolutions: Layer[] = [];
  let [channels, size] = [3, side];
  for (const stage of [
    [64, 64],
    [128, 128],
    [256, 256, 256],
    [512, 512, 512],
    [512, 512, 512],
  ]) {
    for (const to of stage) {
      convolutions.push({ kernel: 3, fromPerGroup: channels, to, pixels: size ** 2 });
      channels = to;
    }
    size /= 2;
  }
  return {
    convolutions,
    linears: [
      [512 * 49, 4096],
      [4096, 4096],
      [4096, classes],
    ],
    normChannels: convolutions.map(({ to }) => to),
    convolutionBiases: true,
    activationLayers: 13 + 2,
  };
}

function densenet121(classes: number, side: number): Architecture {
  const convolutions: Layer[] = [{ kernel: 7, fromPerGroup: 3, to: 64, pixels: (side / 2) ** 2 }];
  const normChannels = [64];
  let [channels, size] = [64, side / 4];
  [6, 12, 24, 16].forEach((layers, block) => {
    if (block > 0) {
      normChannels.push(channels);
      convolutions.push({ kernel: 1, fromPerGroup: channels, to: channels / 2, pixels: size ** 2 });
      [channels, size] = [channels / 2, size / 2];
    }
    for (let layer = 0; layer < layers; layer++) {
      normChannels.push(channels, 128);
      convolutions.push({ kernel: 1, fromPerGroup: channels, to: 128, pixels: size ** 2 });
      convolutions.push({ kernel: 3, fromPerGroup: 128, to: 32, pixels: size ** 2 });
      channels += 32;
    }
  });
  normChannels.push(channels);
  return {
    convolutions,
    linears: [[channels, classes]],
    normChannels,
    convolutionBiases: false,
    activationLayers: normChannels.length,
  };
}

function mobilenetv2(classes: number, side: number): Architecture {
  const convolutions: Layer[] = [{ kernel: 3, fromPerGroup: 3, to: 32, pixels: (side / 2) ** 2 }];
  let [channels, size, activationLayers] = [32, side / 2, 1];
  for (const [expansion, to, repeats, firstStride] of [
    [1, 16, 1, 1],
    [6, 24, 2, 2],
    [6, 32, 3, 2],
    [6, 64, 4, 2],
    [6, 96, 3, 1],
    [6, 160, 3, 2],
    [6, 320, 1, 1],
  ] as const) {
    for (let repeat = 0; repeat < repeats; repeat++) {
      const wide = expansion * channels;
      if (expansion > 1) {
        convolutions.push({ kernel: 1, fromPerGroup: channels, to: wide, pixels: size ** 2 });
        activationLayers++;
      }
      if (repeat === 0) size /= firstStride;
      convolutions.push({ kernel: 3, fromPerGroup: 1, to: wide, pixels: size ** 2 });
      convolutions.push({ kernel: 1, fromPerGroup: wide, to, pixels: size ** 2 });
      activationLayers++;
      channels = to;
    }
  }
  convolutions.push({ kernel: 1, fromPerGroup: channels, to: 1280, pixels: size ** 2 });
  return {
    convolutions,
    linears: [[1280, classes]],
    normChannels: convolutions.map(({ to }) => to),
    convolutionBiases: false,
    activationLayers: activationLayers + 1,
  };
}

const flopsOf = ({ kernel, fromPerGroup, to, pixels }: Layer) => 2 * kernel ** 2 * fromPerGroup * to * pixels;

for (const { network, architecture, published } of [
  { network: 'vgg16', architecture: vgg16, published: 138_365_992 },
  { network: 'densenet121', architecture: densenet121, published: 7_978_856 },
  { network: 'mobilenetv2', architecture: mobilenetv2, published: 3_504_872 },
]) {
  t.test(`${network} with 1000 classes has as many parameters as torchvision's`, (t) => {
    t.equal(workload(config(network, 1000, 64)).param_count, published);
    t.end();
  });

  t.test(`columns of ${network} equal a sum over its layers`, (t) => {
    const { convolutions, linears, normChannels, convolutionBiases, activationLayers } = architecture(200, 64);
    const row = workload(config(network, 200, 64));
    const convolutionFlops = sum(convolutions.map(flopsOf));
    const flopsWhere = (fits: (layer: Layer) => boolean) => sum(convolutions.filter(fits).map(flopsOf));
    const outputs = convolutions.map(({ to, pixels }) => to * pixels);
    const expected = {
      depth: convolutions.length + linears.length,
      flops_fwd_per_sample: convolutionFlops + sum(linears.map(([from, to]) => 2 * from * to)),
      param_count:
        sum(convolutions.map(({ kernel, fromPerGroup, to }) => kernel ** 2 * fromPerGroup * to)) +
        (convolutionBiases ? sum(convolutions.map(({ to }) => to)) : 0) +
        sum(normChannels.map((channels) => 2 * channels)) +
        sum(linears.map(([from, to]) => (from + 1) * to)),
      bn_layers: normChannels.length,
      act_layers: activationLayers,
      sum_hwC: sum(outputs),
      max_hwC: Math.max(...outputs),
      flops_1x1_frac: flopsWhere(({ kernel }) => kernel === 1) / convolutionFlops,
      flops_3x3_frac: flopsWhere(({ kernel }) => kernel === 3) / convolutionFlops,
      flops_depthwise_frac: flopsWhere(({ fromPerGroup }) => fromPerGroup === 1) / convolutionFlops,
      flops_grouped_frac: 0,
    };
    for (const [column, value] of Object.entries(expected)) t.equal(row[column], value, column);
    t.end();
  });
}
