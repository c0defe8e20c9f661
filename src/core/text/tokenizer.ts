import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';

import { messageOf, UserError } from '../errors';

/** A text as the network reads it. */
export interface Encoding {
  /** Exactly `maxTokens` token ids: special tokens included, padded with {@link Tokenizer.padId}. */
  readonly ids: Int32Array;
  /** How many of `ids` are tokens; the rest is padding. */
  readonly length: number;
  /** True where the text had more tokens than fit. */
  readonly truncated: boolean;
}

/** Texts to token ids, by a tokenizer folder in Hugging Face's layout (`tokenizer.json` + config). */
export interface Tokenizer {
  readonly padId: number;
  readonly vocabularySize: number;
  /** Changes with the tokenizer's files. */
  readonly fingerprint: string;
  /**
   * Encodes one text. A text that does not fit keeps its beginning and the closing special token
   * ([SEP]), as Hugging Face's `truncation=True` does.
   */
  encode(text: string, maxTokens: number): Encoding;
}

/**
 * Loads the tokenizer of a folder with `tokenizer.json` and `tokenizer_config.json`.
 * @throws UserError `tokenizer-unreadable` where the files are missing or malformed.
 */
export async function loadTokenizer(folder: string): Promise<Tokenizer> {
  try {
    const definition = await readFile(join(folder, 'tokenizer.json'), 'utf8');
    const config = await readFile(join(folder, 'tokenizer_config.json'), 'utf8');
    const tokenizer = new HuggingFaceTokenizer(
      JSON.parse(definition) as object,
      JSON.parse(config) as object,
    );
    const fingerprint = createHash('sha256').update(definition).update('\0').update(config);
    return new FolderTokenizer(tokenizer, fingerprint.digest('hex').slice(0, 16));
  } catch (error) {
    throw new UserError(
      'tokenizer-unreadable',
      `The tokenizer in ${folder} cannot be read: ${messageOf(error)}`,
      'A tokenizer folder needs tokenizer.json and tokenizer_config.json as Hugging Face writes them.',
      error,
    );
  }
}

class FolderTokenizer implements Tokenizer {
  readonly padId: number;
  readonly vocabularySize: number;

  constructor(
    private readonly tokenizer: HuggingFaceTokenizer,
    readonly fingerprint: string,
  ) {
    this.padId = tokenizer.token_to_id('[PAD]') ?? 0;
    this.vocabularySize = tokenizer.get_vocab().size;
  }

  encode(text: string, maxTokens: number): Encoding {
    const tokens = this.tokenizer.encode(text).ids;
    const truncated = tokens.length > maxTokens;
    const ids = new Int32Array(maxTokens).fill(this.padId);
    ids.set(truncated ? tokens.slice(0, maxTokens) : tokens);
    if (truncated) {
      ids[maxTokens - 1] = tokens[tokens.length - 1];
    }
    return { ids, length: Math.min(tokens.length, maxTokens), truncated };
  }
}
