import t from 'tap';
import { MersenneTwister } from '#src/base/random.js';
import { parseCell } from '#src/records/cells.js';

t.test('numbers in digits are those of the language, to the last bit', async (t) => {
  const random = new MersenneTwister(11);
  const below = (count: number) => random.uint32() % count;
  const digits = (count: number) => Array.from({ length: count }, () => below(10)).join('');
  const texts = ['0', '-0', '5.', '.5', '-.5', '1e22', '1e23', '1e-22', '1E+3', '123456789012345', '1234567890123456'];
  for (let i = 0; i < 50_000; i++) {
    const exponent = below(2) === 0 ? '' : `e${['', '+', '-'][below(3)]}${below(40)}`;
    texts.push(`${below(2) === 0 ? '' : '-'}${digits(1 + below(9))}.${digits(below(9))}${exponent}`);
  }
  const wrong = texts.filter((text) => !Object.is(parseCell(text, 'number'), Number(text)));
  t.same(wrong, []);
});

t.test('what is almost a number is none', async (t) => {
  for (const text of ['.', '-', '1e', '1e+', '1.2.3', '1-2', '--1', 'e5', '1e5.5', '0x10', '1_000', '1 2']) {
    t.equal(parseCell(text, 'number'), undefined, text);
  }
  t.equal(parseCell('1.5', 'integer'), undefined);
  t.equal(parseCell('1.50e1', 'integer'), 15);
  t.equal(parseCell(' 7 ', 'integer'), 7);
  t.equal(parseCell('+7', 'number'), 7);
});
