import type { Row } from '../base/columns.js';
import { positiveIn, textIn } from './cells.js';

const floatBytes = 4;
const tokenBytes = 8;

/** Numbers in `(3, 64, 64)`; null where the text is no shape. */
function shapeIn(text: string | null): number[] | null {
  const inner = /^\s*[([]([\d\s,x]+)[)\]]\s*$/.exec(text ?? '')?.[1];
  const dims =
    inner
      ?.split(/[,x]/)
      .filter((part) => part.trim() !== '')
      .map(Number) ?? [];
  return dims.length > 0 && dims.every((dim) => dim > 0) ? dims : null;
}

/** Rows of a table mostly have the shape of the row above them. */
let lastShape: { text: string | null; shape: number[] | null } = { text: null, shape: null };

function shapeOf(text: string | null): number[] | null {
  if (text !== lastShape.text) lastShape = { text, shape: shapeIn(text) };
  return lastShape.shape;
}

/** Bytes of one sample as the device gets it: pixels as float32, tokens as int64; 0 where the row does not say. */
export function inputBytesOf(row: Row): number {
  const shape = shapeOf(textIn(row, 'input_shape'));
  if (shape) return floatBytes * shape.reduce((product, dim) => product * dim, 1);
  const side = positiveIn(row, 'img_size');
  if (side !== null) return floatBytes * side * side * (positiveIn(row, 'in_channels') ?? 3);
  const source = positiveIn(row, 'src_len', 'seq_len') ?? 0;
  return tokenBytes * (source + (positiveIn(row, 'tgt_len') ?? 0));
}
