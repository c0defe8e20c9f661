import { createHash } from 'node:crypto';
import { throwIfCancelled, UserError } from '../core/errors';
import type { ModelPreset } from '../core/preset';
import { yieldToEvents } from '../core/progress';
import type { LongWork } from '../core/progress';
import { loadTokenizer } from '../core/text/tokenizer';
import type { Tokenizer } from '../core/text/tokenizer';
import { tokenizerFolder } from './presets';

/** Token rows are padded to a multiple of this: few distinct lengths, little padding. */
const lengthStep = 16;
/** Texts encoded between two looks at the cancellation. */
const textsBetweenPauses = 200;

/** Turns texts into token rows as a preset wants them; each distinct text once. */
export class TextEncoder {
  /** Changes with the tokenizer and with what is kept of a text. */
  readonly fingerprint: string;
  readonly maxTokens: number;
  readonly vocabularySize: number;
  private readonly rows = new Map<string, Int32Array>();

  private constructor(
    private readonly tokenizer: Tokenizer,
    preset: ModelPreset,
  ) {
    this.maxTokens = preset.text.maxTokens;
    this.vocabularySize = preset.text.vocabularySize;
    this.fingerprint = createHash('sha256')
      .update(`1\0${tokenizer.fingerprint}\0${this.maxTokens}`)
      .digest('hex')
      .slice(0, 16);
  }

  static async load(modelsFolder: string, preset: ModelPreset): Promise<TextEncoder> {
    const tokenizer = await loadTokenizer(tokenizerFolder(modelsFolder, preset));
    if (tokenizer.vocabularySize > preset.text.vocabularySize) {
      throw new UserError(
        'preset-invalid',
        `The tokenizer ${preset.text.tokenizer} has ${tokenizer.vocabularySize} tokens, the preset ${preset.name} only ${preset.text.vocabularySize}.`,
        'Set "text.vocabularySize" of the preset to the size of the tokenizer.',
      );
    }
    return new TextEncoder(tokenizer, preset);
  }

  /** Encodes all texts that are new. */
  async prepare(texts: Iterable<string>, work: LongWork): Promise<void> {
    const fresh = [...new Set(texts)].filter((text) => !this.rows.has(text));
    for (const [index, text] of fresh.entries()) {
      this.encode(text);
      if ((index + 1) % textsBetweenPauses === 0 || index + 1 === fresh.length) {
        work.onProgress?.({ stage: 'Reading texts', done: index + 1, total: fresh.length });
        await yieldToEvents();
        throwIfCancelled(work.signal);
      }
    }
  }

  /** The token ids of a text, special tokens included, without padding. */
  encode(text: string): Int32Array {
    let row = this.rows.get(text);
    if (row === undefined) {
      const { ids, length } = this.tokenizer.encode(text, this.maxTokens);
      row = ids.slice(0, length);
      this.rows.set(text, row);
    }
    return row;
  }

  /** The row length that holds all of these texts, rounded up. */
  rowLength(texts: Iterable<string>): number {
    let longest = 1;
    for (const text of texts) {
      longest = Math.max(longest, this.encode(text).length);
    }
    return Math.min(this.maxTokens, Math.ceil(longest / lengthStep) * lengthStep);
  }

  /**
   * Writes a text's ids and mask into row `row` of two [rows, length] matrices. A text that does not
   * fit keeps its beginning and its last token ([SEP]).
   */
  fillRow(text: string, row: number, length: number, ids: Int32Array, mask: Int32Array): void {
    const all = this.encode(text);
    const tokens = all.length > length ? all.slice(0, length) : all;
    tokens[tokens.length - 1] = all[all.length - 1];
    const start = row * length;
    ids.fill(this.tokenizer.padId, start + tokens.length, start + length);
    ids.set(tokens, start);
    mask.fill(0, start, start + length).fill(1, start, start + tokens.length);
  }
}
