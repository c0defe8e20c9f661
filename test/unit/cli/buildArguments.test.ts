import assert from 'node:assert/strict';
import { Command } from 'commander';
import fc from 'fast-check';
import { buildCommand } from '../../../src/cli/commands/build';
import { optionModes } from '../../../src/core/dataset/record';
import type { BuildOptions } from '../../../src/core/dataset/build';
import type { SplitShares } from '../../../src/core/dataset/patientSplit';
import { buildArguments } from '../../../src/core/dataset/buildArguments';

/** What the command line reads from arguments. */
function parsed(args: readonly string[]): Record<string, unknown> {
  const program = new Command();
  buildCommand.declare(program, () => Promise.resolve());
  program.parse(['node', 'ct-mcqa', ...args]);
  const { perVolume, ...rest } = program.commands[0].opts<Record<string, unknown>>();
  return { ...rest, questionsPerVolume: perVolume };
}

const path = fc.stringMatching(/^[\w. 数据'"]{1,12}$/).filter((text) => !text.startsWith('-'));
const options: fc.Arbitrary<BuildOptions> = fc.record(
  {
    reports: path,
    images: path,
    out: path,
    metadata: path,
    labels: path,
    embeddings: path,
    exclude: fc.array(path, { minLength: 1, maxLength: 3 }),
    mode: fc.constantFrom(...optionModes, 'mixed'),
    prompts: fc.constantFrom('statement', 'question', 'mixed'),
    options: fc.integer({ min: 2, max: 20 }),
    metadataPrompt: fc.constantFrom('Age: {age}.', 'A {sex_word}, {age} years.'),
    negatives: fc.constantFrom({ hard: 1 }, { hard: 2, counterfactual: 0.5 }),
    labelDifference: fc.constantFrom({ least: 2, most: 2 }, { least: 0, most: 3 }, { least: 1 }),
    undecidable: fc.constantFrom('avoid', 'flag'),
    texts: fc.constantFrom('auto', 'inline', 'ref'),
    split: fc.constantFrom<SplitShares | 'own'>({ train: 0.7, valid: 0.25 }, 'own'),
    seed: fc.nat(),
    questionsPerVolume: fc.integer({ min: 1, max: 9 }),
  },
  { requiredKeys: ['reports', 'images', 'out'], noNullPrototype: true },
);

describe('buildArguments', () => {
  it('says on the command line what the options say', () => {
    fc.assert(
      fc.property(options, (each) => {
        const heard = parsed(buildArguments(each));
        assert.deepEqual(
          Object.fromEntries(Object.keys(each).map((key) => [key, heard[key]])),
          each,
        );
      }),
    );
  });
});
