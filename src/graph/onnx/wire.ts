/** A field of a protocol-buffers message: its number, and an integer or bytes. */
export interface WireField {
  field: number;
  value: bigint | Uint8Array;
}

const varint = 0;
const fixed64 = 1;
const lengthDelimited = 2;
const fixed32 = 5;

/** The counterpart of `ProtobufWriter`: the fields of a message in their order. Throws RangeError for what is no message. */
export function* wireFields(bytes: Uint8Array): Generator<WireField> {
  let position = 0;
  const readVarint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (position >= bytes.length) throw new RangeError('a number is cut short');
      const byte = bytes[position++]!;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asIntN(64, value);
    }
    throw new RangeError('a number has more than ten bytes');
  };
  const take = (count: number): Uint8Array => {
    if (!(count >= 0 && position + count <= bytes.length)) throw new RangeError('a field is longer than its message');
    position += count;
    return bytes.subarray(position - count, position);
  };
  while (position < bytes.length) {
    const tag = Number(readVarint());
    const field = Math.floor(tag / 8);
    if (field < 1) throw new RangeError(`there is no field ${field}`);
    switch (tag % 8) {
      case varint:
        yield { field, value: readVarint() };
        break;
      case fixed64:
        yield { field, value: take(8) };
        break;
      case lengthDelimited:
        yield { field, value: take(Number(readVarint())) };
        break;
      case fixed32:
        yield { field, value: take(4) };
        break;
      default:
        throw new RangeError(`there is no wire type ${tag % 8}`);
    }
  }
}

/** The integers of a repeated field, one by one or packed. */
export function* integersOf({ value }: WireField): Generator<number> {
  if (typeof value === 'bigint') {
    yield Number(value);
    return;
  }
  // a packed list has the encoding of its integers, one after the other; each is read as the value of a field
  let start = 0;
  for (let end = 0; end < value.length; end++) {
    if (value[end]! >= 128) continue;
    let integer = 0n;
    for (let i = end; i >= start; i--) integer = (integer << 7n) | BigInt(value[i]! & 127);
    yield Number(BigInt.asIntN(64, integer));
    start = end + 1;
  }
  if (start < value.length) throw new RangeError('a list of numbers is cut short');
}

export function bytesIn({ field, value }: WireField): Uint8Array {
  if (typeof value === 'bigint') throw new RangeError(`field ${field} is a number where a message belongs`);
  return value;
}

export function integerIn({ field, value }: WireField): number {
  if (typeof value !== 'bigint') throw new RangeError(`field ${field} is a message where a number belongs`);
  return Number(value);
}

export const textIn = (field: WireField): string => new TextDecoder().decode(bytesIn(field));
