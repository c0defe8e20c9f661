import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelPreset } from '../../../src/core/preset';
import { withOverrides } from '../../../src/core/presetOverrides';
import { isPresetPath, presetPaths, presetProblem } from '../../../src/engine/presetChecks';
import { fusions } from '../networks/variants';
import { tinyPreset } from './tinyCorpus';

const cross = { ...fusions.cross_attention };

/** What is replaced in a valid preset, and what the answer must say; nothing where it stays valid. */
const cases: readonly (readonly [changes: Record<string, unknown>, problem?: RegExp])[] = [
  [{}],
  [{ fusion: fusions.dot }],
  [{ fusion: cross, 'text.learning': 'cached' }],
  [{ fusion: { kind: 'cosine', dimension: 8 } }, /"fusion.initialScale"/],
  [{ 'fusion.kind': 'bilinear' }, /"fusion.kind" must be "cosine" or "dot"/],
  [{ fusion: { ...cross, heads: undefined } }, /"fusion.heads"/],
  [{ fusion: { ...cross, heads: 4 } }, /multiple of "fusion.heads"/],
  [{ fusion: { ...cross, pool: 3 } }, /no cell left/],
  [{ 'image.widths': [2, 2, 2, 2] }, /no cell left/],
  [{ metadata: { use: 'token', fields: ['age', 'kernel'] } }],
  [{ metadata: { use: 'token', fields: [] } }, /"metadata.fields"/],
  [{ metadata: { use: 'prompt', fields: ['weight'] } }, /age, sex, manufacturer/],
  [{ metadata: { fields: ['age'] } }, /"metadata.use"/],
  [{ metadata: 'prompt' }, /"metadata" must be/],
  [{ 'loss.matching': 'info_nce', 'loss.labelSmoothing': 0.1 }],
  [{ 'loss.matching': 'info_nce', 'training.batch': 1 }, /"training.batch" must be 2 or more/],
  [{ 'loss.matching': 'triplet', 'loss.margin': 0.3 }],
  [{ 'loss.matching': 'triplet', 'loss.labelSmoothing': 0.1 }, /no target to smooth/],
  [{ 'loss.matching': 'n_pair', 'loss.margin': 0.3 }, /triplet loss only/],
  [{ 'loss.labelSmoothing': 0.1 }, /"loss.matching"/],
  [{ 'loss.matching': 'n_pair', 'loss.labelSmoothing': 1 }, /"loss.labelSmoothing"/],
  [{ 'classification.weight': 0.5, 'classification.findings': ['Emphysema'] }],
  [{ 'classification.weight': 0 }, /"classification.weight"/],
  [{ 'classification.weight': 1, 'classification.findings': ['a', 'a'] }, /different texts/],
  [{ 'training.hardNegatives': {} }],
  [{ 'training.hardNegatives.share': 1.5 }, /"training.hardNegatives.share"/],
  [
    {
      'training.hardNegatives': {},
      'metadata.use': 'prompt',
      'metadata.fields': ['age'],
      'text.learning': 'cached',
    },
    /use "frozen"/,
  ],
  [{ 'training.augmentation.flip': 0.5, 'training.augmentation.noiseHu': 20 }],
  [{ 'training.augmentation.flip': 2 }, /from 0 to 1/],
  [{ 'training.optimiser': 'sgd', 'training.momentum': 0.9, 'training.nesterov': true }],
  [{ 'training.momentum': 0.9 }, /are of "sgd"/],
  [{ 'training.hardNegatives.afterEpochs': 2 }, /no distractor would be mined/],
  [{ 'training.hardNegatives': {}, 'training.epochs': 1 }, /no distractor would be mined/],
  [{ 'fusion.initialScale': 1e30 }, /up to 100/],
  [{ 'text.tokenizer': '../elsewhere' }, /name of a folder/],
  [{ 'image.widths': [1e9] }, /500 million weights/],
  [{ 'text.vocabularySize': 1e9 }, /500 million weights/],
  [{ 'volume.size': [1e4, 1e4, 1e4] }, /more than 2 GB/],
];

describe('the check of a preset', () => {
  for (const [changes, problem] of cases) {
    const name = JSON.stringify(changes);
    it(problem === undefined ? `takes ${name}` : `refuses ${name}`, () => {
      const found = presetProblem(withOverrides(tinyPreset, changes));
      if (problem === undefined) {
        assert.equal(found, undefined);
      } else {
        assert.match(found ?? '', problem);
      }
    });
  }

  it('takes no setting that the table of docs/training.md does not have, nor the table others', async () => {
    const page = join(__dirname, '..', '..', '..', 'docs', 'training.md');
    const [, section] = (await readFile(page, 'utf8')).split('### Settings\n');
    const rows = section.matchAll(/^\| (`[a-z][^|]*`) +\|/gm);
    const named = [...rows].flatMap(([, cell]) => {
      const [first, ...others] = [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
      const part = first.slice(0, first.lastIndexOf('.'));
      return [first, ...others.map((name) => (name.startsWith('.') ? part + name : name))];
    });
    assert.deepEqual(named.sort(), [...presetPaths].sort());
  });

  it('knows every path that a preset may have', () => {
    const full: ModelPreset = {
      ...tinyPreset,
      metadata: { use: 'token', fields: ['age'], hidden: 4 },
      loss: { matching: 'triplet', margin: 1 },
    };
    const paths = (value: object, prefix = ''): string[] =>
      Object.entries(value).flatMap(([key, each]: [string, unknown]) =>
        typeof each === 'object' && each !== null && !Array.isArray(each)
          ? paths(each, `${prefix}${key}.`)
          : [`${prefix}${key}`],
      );
    assert.deepEqual(
      paths(full).filter((path) => !isPresetPath(path)),
      [],
    );
    assert.ok(isPresetPath('training.hardNegatives'));
    assert.ok(!isPresetPath('training.hardNegative'));
  });
});
