import assert from 'node:assert/strict';
import fc from 'fast-check';
import { wordDifference } from '../../../src/core/text/wordDifference';
import type { DifferencePart } from '../../../src/core/text/wordDifference';

/** `same [-missing-] {+added+}`. */
function marked(reference: string, text: string): string {
  const signs = { same: ['', ''], missing: ['[-', '-]'], added: ['{+', '+}'] };
  return wordDifference(reference, text)
    .parts.map(({ kind, text: words }) => signs[kind].join(words.trimEnd()))
    .join(' ');
}

function textOf(parts: readonly DifferencePart[], ...kinds: DifferencePart['kind'][]): string {
  return parts
    .filter(({ kind }) => kinds.includes(kind))
    .map(({ text }) => text)
    .join('');
}

/** Length of the longest common subsequence, by the table of the textbook. */
function longestCommon(a: readonly string[], b: readonly string[]): number {
  let row = b.map(() => 0);
  for (const word of a) {
    const next: number[] = [];
    b.forEach((other, i) => {
      next.push(word === other ? 1 + (row[i - 1] ?? 0) : Math.max(row[i], next[i - 1] ?? 0));
    });
    row = next;
  }
  return row.at(-1) ?? 0;
}

const words = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 14 });

describe('The difference of two texts', () => {
  it('marks a changed side, a negation, a size and a finding', () => {
    assert.equal(
      marked('A nodule of 4.5 mm in the left lobe.', 'A nodule of 8 mm in the right lobe.'),
      'A nodule of [-4.5-] {+8+} mm in the [-left-] {+right+} lobe.',
    );
    assert.equal(
      marked('No pleural effusion. Heart is normal.', 'Pleural effusion. Heart is normal.'),
      '[-No-] Pleural effusion. Heart is normal.',
    );
    assert.equal(
      marked('Heart is normal.', 'Heart is normal. Hiatal hernia.'),
      'Heart is normal. {+Hiatal hernia.+}',
    );
  });

  it('takes case and white space for no difference, and Han characters for words', () => {
    assert.equal(wordDifference('The  LUNGS\nare clear', 'the lungs are clear').similarity, 1);
    assert.equal(marked('左肺结节', '右肺结节'), '[-左-] {+右+} 肺结节');
    assert.equal(marked('well-aerated', 'well aerated'), '[-well-aerated-] {+well aerated+}');
  });

  it('says how much is common', () => {
    assert.equal(wordDifference('', '').similarity, 1);
    assert.equal(wordDifference('a b', '').similarity, 0);
    assert.equal(wordDifference('a b c', 'a b d').similarity, 2 / 3);
  });

  it('gives the text back to the character, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (before, after) => {
        const { parts } = wordDifference(before, after);
        assert.equal(textOf(parts, 'same', 'added'), after);
        const rest = textOf(parts, 'same', 'missing');
        const squeezed = (text: string): string => text.replaceAll(/\s+/g, '').toLowerCase();
        assert.equal(squeezed(rest), squeezed(before));
      }),
    );
  });

  it('is the shortest, and in the order of both texts', () => {
    fc.assert(
      fc.property(words, words, (before, after) => {
        const { parts, similarity } = wordDifference(before.join(' '), after.join(' '));
        const wordsOf = (...kinds: DifferencePart['kind'][]): string[] =>
          parts
            .filter(({ kind }) => kinds.includes(kind))
            .flatMap(({ text }) => text.trim().split(/\s+/));
        assert.deepEqual(wordsOf('same', 'missing'), before);
        assert.deepEqual(wordsOf('same', 'added'), after);
        const common = longestCommon(before, after);
        assert.equal(wordsOf('same').length, common);
        const total = before.length + after.length;
        assert.ok(Math.abs(similarity - (total === 0 ? 1 : (2 * common) / total)) < 1e-12);
      }),
      { numRuns: 300 },
    );
  });

  it('gives up on texts that have nothing to do with each other, and keeps their common ends', () => {
    const numbers = (from: number): string =>
      Array.from({ length: 20_000 }, (_, i) => `w${from + i}`).join(' ');
    const { parts, similarity } = wordDifference(
      `Start here ${numbers(0)} the end`,
      `Start here ${numbers(50_000)} the end`,
    );
    assert.deepEqual(
      parts.map(({ kind }) => kind),
      ['same', 'missing', 'added', 'same'],
    );
    assert.equal(parts[0].text, 'Start here ');
    assert.ok(similarity < 0.001);
  });

  it('keeps what it found before it gave up', () => {
    const shared = Array.from({ length: 50 }, (_, i) => `s${i}`).join(' ');
    const other = (prefix: string): string =>
      Array.from({ length: 3000 }, (_, i) => `${prefix}${i}`).join(' ');
    const { parts } = wordDifference(`x ${shared} ${other('a')}`, `y ${shared} ${other('b')}`);
    assert.ok(textOf(parts, 'same').startsWith(shared));
  });
});
