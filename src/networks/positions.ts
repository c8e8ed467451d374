/**
 * Sinusoidal positions (Vaswani et al. 2017), row-major [count, width]: sines of position / 10000^(2i / width) at the even
 * places, cosines at the odd ones.
 */
export function sinusoidalPositions(count: number, width: number): Float32Array {
  return Float32Array.from({ length: count * width }, (_, index) => {
    const position = Math.floor(index / width);
    const place = index % width;
    const angle = position / 10_000 ** ((place - (place % 2)) / width);
    return place % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
  });
}
