import assert from 'node:assert/strict';
import { Command } from 'commander';
import { addPresetOptions, presetOverrides } from '../../../src/cli/presetOptions';
import { withOverrides } from '../../../src/core/presetOverrides';

/** What the arguments ask for. */
function parsed(...argv: string[]): object {
  const command = addPresetOptions(new Command().exitOverride());
  command.configureOutput({ writeErr: () => undefined });
  command.parse(argv, { from: 'user' });
  return presetOverrides(command.opts());
}

describe('the options that replace values of a preset', () => {
  it('stand for paths', () => {
    assert.deepEqual(
      parsed('--loss', 'info_nce', '--clip', '0.5', '--accumulate', '4', '--label-smoothing', '0'),
      {
        'loss.matching': 'info_nce',
        'training.clipNorm': 0.5,
        'training.accumulate': 4,
        'loss.labelSmoothing': 0,
      },
    );
    assert.deepEqual(parsed('--hard-negatives'), { 'training.hardNegatives': {} });
    assert.deepEqual(parsed('--hard-negatives', '0.5', '--augment', '{"flip":0.5}'), {
      'training.hardNegatives': { share: 0.5 },
      'training.augmentation': { flip: 0.5 },
    });
  });

  it('reach every value by --set, as JSON or a word, which counts most', () => {
    assert.deepEqual(
      parsed('--set', 'training.clipNorm=1', '--set', 'text.learning=frozen', '--clip', '3'),
      { 'training.clipNorm': 1, 'text.learning': 'frozen' },
    );
    assert.deepEqual(
      parsed('--set', 'training.betas=[0.9,0.95]', '--set', 'training.clipNorm=null'),
      {
        'training.betas': [0.9, 0.95],
        'training.clipNorm': null,
      },
    );
  });

  it('are refused where they are nothing a preset can hold', () => {
    for (const argv of [
      ['--clip', '0'],
      ['--loss', 'other'],
      ['--set', 'clip'],
      ['--augment', '{'],
    ]) {
      assert.throws(() => parsed(...argv), { exitCode: 1 }, argv.join(' '));
    }
  });
});

describe('overrides', () => {
  it('replace, add and take out values, and leave the original alone', () => {
    const preset = { a: { b: 1, c: [2] }, d: 3 };
    assert.deepEqual(withOverrides(preset, { 'a.b': 4, 'e.f': 5, d: null }), {
      a: { b: 4, c: [2] },
      e: { f: 5 },
    });
    assert.deepEqual(preset, { a: { b: 1, c: [2] }, d: 3 });
  });
});
