/**
 * Sinusoidal positions (Vaswani et al. 2017), row-major [count, width]: sines of position / 10000^(2i / width) at the even
 * places, cosines at the odd ones.
 */
export function sinusoidalPositions(count: number, width: number): Float32Array {
  const scales = Array.from({ length: width }, (_, place) => 10_000 ** ((place - (place % 2)) / width));
  const positions = new Float32Array(count * width);
  for (let position = 0, index = 0; position < count; position++) {
    for (let place = 0; place < width; place++, index++) {
      const angle = position / scales[place]!;
      positions[index] = place % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
    }
  }
  return positions;
}
