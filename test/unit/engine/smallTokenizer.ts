import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The models that ship. */
export const modelsFolder = join(__dirname, '..', '..', '..', 'models');

interface TokenizerFile {
  added_tokens: { id: number; content: string }[];
  post_processor: { special_tokens: Record<string, { ids: number[] }> };
  model: { vocab: Record<string, number> };
}

/**
 * Writes a models folder whose tokenizer `small` knows the words of these texts only: the word table,
 * most of what a step computes in a tiny network, shrinks to a hundredth. Its size.
 */
export async function writeSmallTokenizer(models: string, texts: string): Promise<number> {
  const shipped = join(modelsFolder, 'tokenizers', 'bert-base-uncased');
  const file = JSON.parse(await readFile(join(shipped, 'tokenizer.json'), 'utf8')) as TokenizerFile;
  const words = texts.toLowerCase().match(/\p{L}+|\p{N}+|[^\s\p{L}\p{N}]/gu) ?? [];
  const tokens = [...file.added_tokens.map(({ content }) => content), ...new Set(words)];
  const vocab = Object.fromEntries(tokens.map((token, id) => [token, id]));
  file.model.vocab = vocab;
  for (const token of file.added_tokens) {
    token.id = vocab[token.content];
  }
  for (const [content, token] of Object.entries(file.post_processor.special_tokens)) {
    token.ids = [vocab[content]];
  }
  const folder = join(models, 'tokenizers', 'small');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(file));
  await writeFile(join(folder, 'tokenizer_config.json'), '{ "do_lower_case": true }');
  return tokens.length;
}
