import { MersenneTwister } from '../base/random.js';
import type { Initialiser } from './autodiff/tape.js';
import type { Tensor } from './builder.js';
import type { TensorData } from './onnx/types.js';
import { elementCount, type Shape } from './shape.js';

/** Initial values of what the loop carries, in one external file: pass the whole as an entry of `externalData`. */
export interface InitialState {
  /** The file's name, as the model refers to it. */
  readonly path: string;
  readonly lengthBytes: number;
  /** Where each value lies. The pieces are aligned to 64 bytes. */
  readonly pieces: readonly StatePiece[];
  /** The file's content, drawn when it is first asked for: hundreds of megabytes for the largest networks. */
  readonly data: Uint8Array;
}

export interface StatePiece {
  name: string;
  dims: readonly number[];
  offsetBytes: number;
  lengthBytes: number;
  /** How the initial value is made. */
  rule: string;
}

/** A value that the loop carries, as the first step finds it. */
export interface CarriedState {
  before: Tensor;
  /** As the network sees it. */
  dims: Shape;
  /** null starts at zero. */
  initialise: Initialiser | null;
}

/** The rule of a value that is no parameter and starts at zero: an optimizer's moment. */
export const zerosRule = 'zeros';
const unnamedRule = 'drawn by a rule without a name';

export const initialName = ({ name }: Tensor): string => `${name}.initial`;

/** Lays the initial values out in one external file, parameters drawn in order from one random stream. */
export function layOutState(
  carried: readonly CarriedState[],
  path: string,
  seed: number,
  nameOf: (value: Tensor) => string = initialName,
): { state: InitialState; initialisers: TensorData[] } {
  const alignment = 64;
  let end = 0;
  const pieces = carried.map(({ before, initialise }): StatePiece => {
    const offsetBytes = Math.ceil(end / alignment) * alignment;
    const lengthBytes = 4 * elementCount(before.dims);
    end = offsetBytes + lengthBytes;
    const rule = initialise ? (initialise.rule ?? unnamedRule) : zerosRule;
    return { name: nameOf(before), dims: before.dims, offsetBytes, lengthBytes, rule };
  });

  const draw = () => {
    const data = new Uint8Array(end);
    const random = new MersenneTwister(seed);
    carried.forEach(({ dims, initialise }, index) => {
      if (!initialise) return;
      const { offsetBytes, lengthBytes } = pieces[index]!;
      initialise(new Float32Array(data.buffer, offsetBytes, lengthBytes / 4), dims, random);
    });
    return data;
  };
  let drawn: Uint8Array | null = null;
  const state: InitialState = {
    path,
    lengthBytes: end,
    pieces,
    get data() {
      drawn ??= draw();
      return drawn;
    },
  };
  const initialisers = pieces.map(
    ({ name, dims, offsetBytes, lengthBytes }, index): TensorData => ({
      name,
      type: carried[index]!.before.type,
      dims,
      content: { location: path, offsetBytes, lengthBytes },
    }),
  );
  return { state, initialisers };
}
