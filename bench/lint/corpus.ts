import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { once } from 'node:events';
import { Random } from '../../src/core/random';

/** What a question file of the bench is made of. */
export interface CorpusForm {
  readonly name: string;
  /** Whether options carry their texts or refer to a table beside the file. */
  readonly options: 'texts' | 'references';
  /** Questions repeat their images after as many. */
  readonly images: number;
  /** The file ends with the first question that reaches this. */
  readonly bytes: number;
  readonly questions: number;
}

const reports = 4000;
const optionsPerQuestion = 4;

/** Words in about the lengths that reports have; what they say does not matter to a linter. */
const words = (
  'the no and of in is are with was not seen both lung right left lower upper lobe pleural effusion ' +
  'thickening nodule mm size trachea bronchi open lumen mediastinal lymph node calcified aorta heart ' +
  'normal contour thoracic vertebrae degenerative changes abdominal sections within limits ground glass ' +
  'density consolidation atelectasis emphysematous hiatal hernia coronary artery pericardial detected'
).split(' ');

/** Writes a question file (and its table) below `folder`; gives its path. The same bytes each time. */
export async function writeCorpus(folder: string, form: CorpusForm): Promise<string> {
  await mkdir(folder, { recursive: true });
  const random = Random.fromSeed(7);
  const texts = Array.from({ length: reports }, () => report(random));
  const path = join(folder, `${form.name}.mcqa.jsonl`);
  if (form.options === 'references') {
    await writeTable(dirname(path), form.name, texts);
  }
  const file = createWriteStream(path);
  let written = 0;
  for (let question = 0; question < form.questions && written < form.bytes; question++) {
    const line = `${JSON.stringify(record(question, form, texts, random))}\n`;
    written += line.length;
    if (!file.write(line)) {
      await once(file, 'drain');
    }
  }
  file.end();
  await once(file, 'close');
  return path;
}

function imagePath(image: number): string {
  const patient = `train_${image + 1}`;
  return `dataset/train/${patient}/${patient}_a/${volumeName(image)}.nii.gz`;
}

const volumeName = (report: number): string => `train_${report + 1}_a_1`;

function record(
  question: number,
  { options, images }: CorpusForm,
  texts: readonly string[],
  random: Random,
) {
  const own = question % reports;
  const truth = random.index(optionsPerQuestion);
  const chosen = new Set([own]);
  while (chosen.size < optionsPerQuestion) {
    chosen.add(random.index(reports));
  }
  const [, ...others] = chosen;
  others.splice(truth, 0, own);
  return {
    id: `q${String(question).padStart(7, '0')}`,
    image_path: imagePath(Number.isFinite(images) ? question % images : question),
    options: others.map((report, index) => ({
      ...(options === 'texts'
        ? { text: texts[report], source: volumeName(report) }
        : { ref: volumeName(report) }),
      label: index === truth ? 1 : 0,
      kind: index === truth ? 'true' : 'random',
    })),
    mode: 'full_report',
    metadata: { age: 20 + (own % 70), sex: own % 2 === 0 ? 'M' : 'F' },
  };
}

/** About 1,300 characters, as CT-RATE's findings and impressions have. */
function report(random: Random): string {
  const sentences = Array.from({ length: 14 + random.index(10) }, () => {
    const sentence = Array.from(
      { length: 8 + random.index(12) },
      () => words[random.index(words.length)],
    );
    sentence[0] = sentence[0][0].toUpperCase() + sentence[0].slice(1);
    return `${sentence.join(' ')}.`;
  });
  return sentences.join(' ');
}

async function writeTable(folder: string, name: string, texts: readonly string[]): Promise<void> {
  const rows = texts.map((text, index) => `${volumeName(index)},"${text}"`);
  await writeFile(join(folder, `${name}.csv`), ['VolumeName,Findings_EN', ...rows, ''].join('\n'));
  await writeFile(
    join(folder, `${name}.mcqa.json`),
    JSON.stringify({ version: 1, reports: `${name}.csv` }),
  );
}
