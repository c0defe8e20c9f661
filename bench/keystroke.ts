/**
 * Times what happens after a key is pressed in a question file of 5,000 questions that is open in the
 * editor: checking it again, and working out its outline. Options are as long as impressions, and
 * references, and full reports up to the length that is checked while typing. Prints the median and
 * the 95th percentile of 300 keystrokes.
 *
 * usage: npx tsx bench/keystroke.ts
 */
import { DocumentOutline } from '../src/core/dataset/language/documentOutline';
import { DocumentLinter } from '../src/core/dataset/lint';
import { Random } from '../src/core/random';

const keystrokes = 300;
const warmUp = 20;

const cases: readonly {
  readonly name: string;
  readonly questions: number;
  readonly words: number;
}[] = [
  { name: '5,000 questions by reference', questions: 5000, words: 0 },
  { name: '5,000 questions with short impressions', questions: 5000, words: 25 },
  { name: '5,000 questions with impressions', questions: 5000, words: 50 },
  { name: '1,000 questions with full reports', questions: 1000, words: 250 },
];

function main(): void {
  for (const { name, questions, words } of cases) {
    const random = Random.fromSeed(1, name);
    const lines = Array.from({ length: questions }, (_, index) => question(index, words, random));
    const megabytes = lines.join('\n').length / 1e6;
    const linter = new DocumentLinter({
      datasetPath: '/data/set.mcqa.jsonl',
      fileExists: () => true,
    });
    const outline = new DocumentOutline();
    const checks = typed(lines, random, (text) => linter.lint(text));
    const outlines = typed(lines, random, (text) => {
      const now = text.split('\n');
      outline.update(now.length, (line) => now[line]);
    });
    const heap = (process.memoryUsage().heapUsed / 1e6).toFixed(0);
    console.log(
      `${name} (${megabytes.toFixed(1)} MB): check ${checks}; outline ${outlines}; heap ${heap} MB`,
    );
  }
}

/** Types letters into texts here and there; gives the times in words. */
function typed(lines: string[], random: Random, answer: (text: string) => unknown): string {
  const times: number[] = [];
  for (let stroke = 0; stroke < warmUp + keystrokes; stroke++) {
    const line = random.index(lines.length);
    lines[line] = lines[line]
      .replace('}]', ',"source":"v"}]')
      .replace(/,"source":"v","source":"v"/, '');
    const text = lines.join('\n');
    const started = performance.now();
    answer(text);
    times.push(performance.now() - started);
  }
  const sorted = times.slice(warmUp).sort((a, b) => a - b);
  const at = (share: number): string => sorted[Math.floor(share * sorted.length)].toFixed(1);
  return `${at(0.5)} ms, 95 % within ${at(0.95)} ms`;
}

function question(index: number, words: number, random: Random): string {
  const patient = index + 1;
  const options = [0, 1, 2, 3].map((option) => ({
    ...(words === 0
      ? { ref: `train_${1 + random.index(20_000)}_a_1` }
      : { text: Array.from({ length: words }, () => `word${random.index(2000)}`).join(' ') }),
    label: option === index % 4 ? 1 : 0,
  }));
  return JSON.stringify({
    id: `q${index}`,
    image_path: `train/train_${patient}/train_${patient}_a/train_${patient}_a_1.nii.gz`,
    options,
  });
}

main();
