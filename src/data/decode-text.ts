import type { SampleDecoder, SampleShape } from './decode.js';
import { sampleTexts } from './formats/texts.js';
import { Tokenizer } from './tokenizer.js';
import type { TrainingSet } from './training-set.js';

type ShapeOf<Kind> = Extract<SampleShape, { kind: Kind }>;

export function textDecoder(set: TrainingSet, shape: ShapeOf<'text'>): SampleDecoder {
  const { sequenceLength, vocabularySize } = shape;
  const texts = sampleTexts(set);
  const tokenizer = new Tokenizer(set.vocabularies[0]!, vocabularySize, sequenceLength);
  return {
    elements: sequenceLength,
    dtype: 'int64',
    labelElements: 1,
    decode(bytes, inputs, slot) {
      tokenizer.encode(texts(bytes)[0]!, new BigInt64Array(inputs), slot * sequenceLength);
    },
  };
}

/** The target has a token more than are predicted: the decoder reads all but the last and predicts all but the first. */
export function pairDecoder(set: TrainingSet, shape: ShapeOf<'text-pair'>): SampleDecoder {
  const { sequenceLength, targetLength, vocabularySize } = shape;
  const labelElements = targetLength + 1;
  const texts = sampleTexts(set);
  const source = new Tokenizer(set.vocabularies[0]!, vocabularySize, sequenceLength);
  const target = new Tokenizer(set.vocabularies[1]!, vocabularySize, labelElements, 'framed');
  return {
    elements: sequenceLength,
    dtype: 'int64',
    labelElements,
    decode(bytes, inputs, slot, labels) {
      const [sourceText, targetText] = texts(bytes);
      source.encode(sourceText!, new BigInt64Array(inputs), slot * sequenceLength);
      target.encode(targetText!, new BigInt64Array(labels), slot * labelElements);
    },
  };
}
