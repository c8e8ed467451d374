/**
 * Sinusoidal positions (Vaswani et al. 2017), row-major [count, width]: sines of position / 10000^(2i / width) at the even
 * places, cosines at the odd ones.
 */
export function sinusoidalPositions(count: number, width: number): Float32Array {
  const scales = Array.from({ length: width }, (_, place) => 10_000 ** ((place - (place % 2)) / width));
  return Float32Array.from({ length: count * width }, (_, index) => {
    const place = index % width;
    const angle = Math.floor(index / width) / scales[place]!;
    return place % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
  });
}
