/** What an operator is to a roofline: which units compute it. */
export type OperatorClass = 'matrix' | 'convolution' | 'embedding' | 'other';

/**
 * Whether a convolution has a group for each channel of its input: it does a few operations per value moved, and is no
 * matrix product in disguise, as others are.
 */
export const isDepthwise = (groups: number, inputChannels: number | undefined): boolean =>
  groups > 1 && groups === inputChannels;
