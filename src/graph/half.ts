/**
 * The bits of the float16 (IEEE 754 binary16) nearest to `value`; of two equally near the one with an even last bit;
 * infinity from 65,520 on.
 */
export function halfBits(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const magnitude = Math.abs(value);
  if (magnitude >= 65520) return sign | 0x7c00;
  // Below 2^-14 numbers are subnormal: their spacing stays that of the smallest normal ones.
  const exponent = Math.max(Math.floor(Math.log2(magnitude)), -14);
  const steps = roundToEven(magnitude / 2 ** (exponent - 10));
  return sign | (((exponent + 14) << 10) + steps);
}

function roundToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}
