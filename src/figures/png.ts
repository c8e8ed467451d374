const signatureBytes = 8;
const headerChunkBytes = 25;
const inchInMetres = 0.0254;

/** CRC-32 of a PNG chunk (ISO 3309; PNG specification, annex D). */
function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** The PNG with its resolution written down (chunk pHYs, after the header), which the rasteriser leaves out. */
export function withResolution(png: Buffer, dotsPerInch: number): Buffer {
  const dotsPerMetre = Math.round(dotsPerInch / inchInMetres);
  const chunk = Buffer.alloc(21);
  chunk.writeUInt32BE(9, 0);
  chunk.write('pHYs', 4, 'latin1');
  chunk.writeUInt32BE(dotsPerMetre, 8);
  chunk.writeUInt32BE(dotsPerMetre, 12);
  chunk.writeUInt8(1, 16);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 17)), 17);
  const header = signatureBytes + headerChunkBytes;
  return Buffer.concat([png.subarray(0, header), chunk, png.subarray(header)]);
}
