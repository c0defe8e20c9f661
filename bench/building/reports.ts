import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { Random } from '../../src/core/random';

/** Words of the made-up language, and sentences that reports share, as real ones do. */
const vocabulary = 12_000;
const stockSentences = 4_000;

/**
 * Writes a table of synthetic reports in CT-RATE's form: about 1,700 characters each, of words and
 * sentences whose frequencies fall as Zipf's law has it, some of them about findings; two reconstructions a scan, which share
 * their report; 2 % of the scans have the report of another.
 */
export async function writeReports(path: string, rows: number): Promise<void> {
  const random = Random.fromSeed(1, 'reports');
  const words = Array.from({ length: vocabulary }, () => wordOf(random));
  const stock = Array.from({ length: stockSentences }, () => sentenceOf(words, random));
  const file = createWriteStream(path);
  file.write('VolumeName,ClinicalInformation_EN,Technique_EN,Findings_EN,Impressions_EN\n');
  let earlier: string[] = [];
  for (let row = 0; row < rows; row++) {
    const patient = Math.floor(row / 2) + 1;
    const isSecond = row % 2 === 1;
    const isCopy = earlier.length > 0 && random.chance(0.02);
    const report =
      isSecond || isCopy
        ? random.pick(isSecond ? earlier.slice(-1) : earlier)
        : reportOf(words, stock, random);
    earlier = [...earlier.slice(-50), report];
    if (
      !file.write(`train_${patient}_a_${(row % 2) + 1}.nii.gz,Not given.,Not given.,${report}\n`)
    ) {
      await once(file, 'drain');
    }
  }
  file.end();
  await finished(file);
}

function reportOf(words: readonly string[], stock: readonly string[], random: Random): string {
  const sentences = (count: number): string =>
    Array.from({ length: count }, () =>
      random.chance(0.8) ? stock[zipf(stock.length, random)] : sentenceOf(words, random),
    ).join(' ');
  return `"${sentences(14 + random.index(16))}","${sentences(1 + random.index(4))}"`;
}

const findings = ['nodule', 'effusion', 'consolidation', 'emphysema', 'atelectasis'];

function sentenceOf(words: readonly string[], random: Random): string {
  if (random.chance(0.3)) {
    const side = random.pick(['left', 'right']);
    const size = 2 + random.index(30);
    return `${words[zipf(words.length, random)]} with ${random.pick(findings)} of ${size} mm was seen on the ${side}.`;
  }
  const count = 5 + random.index(12);
  return `${Array.from({ length: count }, () => words[zipf(words.length, random)]).join(' ')}.`;
}

function wordOf(random: Random): string {
  return Array.from({ length: 2 + random.index(4) }, () =>
    random.pick(['ba', 'cor', 'di', 'fu', 'gen', 'la', 'mo', 'ne', 'pul', 'ra', 'si', 'ter', 'vu']),
  ).join('');
}

/** A place in a list whose frequency falls with its number. */
function zipf(count: number, random: Random): number {
  return Math.floor(count ** random.uniform()) - 1;
}
