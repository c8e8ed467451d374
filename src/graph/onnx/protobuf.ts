const wireVarint = 0;
const wireLengthDelimited = 2;
const wireFixed32 = 5;

/**
 * Writes the wire format of protocol buffers (https://protobuf.dev/programming-guides/encoding): the part that ONNX
 * models need. Fields come out in the order of the calls, so equal calls give equal bytes.
 */
export class ProtobufWriter {
  #buffer = new Uint8Array(256);
  #length = 0;
  /** Writes the messages in this one, one after the other: a graph has a hundred thousand of them. */
  #inner: ProtobufWriter | null = null;

  /** An integer field; negative values take ten bytes (two's complement, as int64). */
  integer(field: number, value: number | bigint): void {
    this.#tag(field, wireVarint);
    this.#varint(value);
  }

  float32(field: number, value: number): void {
    this.#tag(field, wireFixed32);
    this.#reserve(4);
    new DataView(this.#buffer.buffer).setFloat32(this.#length, value, true);
    this.#length += 4;
  }

  bytes(field: number, value: Uint8Array): void {
    this.#tag(field, wireLengthDelimited);
    this.#varint(value.byteLength);
    this.#reserve(value.byteLength);
    this.#buffer.set(value, this.#length);
    this.#length += value.byteLength;
  }

  text(field: number, value: string): void {
    this.bytes(field, new TextEncoder().encode(value));
  }

  message(field: number, write: (inner: ProtobufWriter) => void): void {
    this.#inner ??= new ProtobufWriter();
    const inner = this.#inner;
    inner.#length = 0;
    write(inner);
    this.bytes(field, inner.finish());
  }

  /** The bytes written so far; a view, valid until the next write. */
  finish(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  #tag(field: number, wireType: number): void {
    this.#varint(field * 8 + wireType);
  }

  #varint(value: number | bigint): void {
    this.#reserve(10);
    let rest = BigInt.asUintN(64, BigInt(value));
    while (rest > 127n) {
      this.#buffer[this.#length++] = Number(rest & 127n) | 128;
      rest >>= 7n;
    }
    this.#buffer[this.#length++] = Number(rest);
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#buffer.length) return;
    const grown = new Uint8Array(Math.max(2 * this.#buffer.length, needed));
    grown.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = grown;
  }
}
