import assert from 'node:assert/strict';
import { Random } from '../../../src/core/random';
import type { ProviderReport } from '../../../src/core/run';
import { automaticProvider, chooseProvider, probeProviders } from '../../../src/engine/providers';
import { fitTextOnly, textOnlyLogit } from '../../../src/engine/textOnly';
import type { TextQuestion } from '../../../src/engine/textOnly';
import { TextEncoder } from '../../../src/engine/texts';
import { modelsFolder } from './smallTokenizer';
import { wordyPreset } from './tinyCorpus';

describe('token rows', () => {
  it('are padded to a common length with a mask', async () => {
    const encoder = await TextEncoder.load(modelsFolder, wordyPreset);
    const texts = ['No nodule.', 'A pleural effusion on the left side.'];
    await encoder.prepare(texts, {});
    const length = encoder.rowLength(texts);
    assert.equal(length, 16);
    const ids = new Int32Array(2 * length).fill(-1);
    const mask = new Int32Array(2 * length).fill(-1);
    texts.forEach((text, row) => {
      encoder.fillRow(text, row, length, ids, mask);
    });
    const first = encoder.encode(texts[0]);
    assert.deepEqual(ids.slice(0, first.length), first);
    assert.ok(ids.slice(first.length, length).every((id) => id === 0));
    assert.equal(
      mask.slice(0, length).reduce((sum, bit) => sum + bit, 0),
      first.length,
    );
    assert.deepEqual(ids.slice(length, length + 2), encoder.encode(texts[1]).slice(0, 2));
  });

  it('need a network that knows all tokens of the tokenizer', async () => {
    const small = { ...wordyPreset, text: { ...wordyPreset.text, vocabularySize: 100 } };
    await assert.rejects(TextEncoder.load(modelsFolder, small), { code: 'preset-invalid' });
  });

  it('have a fingerprint that changes with what is kept of a text', async () => {
    const shorter = { ...wordyPreset, text: { ...wordyPreset.text, maxTokens: 8 } };
    const one = await TextEncoder.load(modelsFolder, wordyPreset);
    const other = await TextEncoder.load(modelsFolder, shorter);
    assert.notEqual(one.fingerprint, other.fingerprint);
    assert.equal(other.encode('one two three four five six seven eight nine').length, 8);
  });
});

describe('the baseline that sees texts only', () => {
  /** Questions of random words; `mark` is a word that only true options have. */
  function questions(count: number, random: Random, mark?: number): TextQuestion[] {
    return Array.from({ length: count }, () => {
      const truth = random.index(4);
      const options = Array.from({ length: 4 }, (_, option) => {
        const words = Array.from({ length: 8 }, () => 10 + random.index(60));
        return Int32Array.from(mark !== undefined && option === truth ? [...words, mark] : words);
      });
      return { options, truth };
    });
  }

  async function heldOutTop1(mark?: number): Promise<number> {
    const random = Random.fromSeed(5);
    const weights = await fitTextOnly(questions(300, random, mark), 100);
    const held = questions(400, random, mark);
    const right = held.filter(({ options, truth }) => {
      const logits = options.map((option) => textOnlyLogit(weights, option));
      return logits.indexOf(Math.max(...logits)) === truth;
    });
    return right.length / held.length;
  }

  it('finds a word that gives the true option away', async () => {
    assert.ok((await heldOutTop1(3)) > 0.95);
  });

  it('is at chance where the words say nothing', async () => {
    assert.ok(Math.abs((await heldOutTop1()) - 0.25) < 0.08);
  });
});

describe('devices', () => {
  const report = (provider: ProviderReport['provider'], gflops?: number): ProviderReport => ({
    provider,
    works: gflops !== undefined,
    ...(gflops !== undefined && { gflops }),
  });

  it('are chosen by what works, never a software renderer', () => {
    const cpu = report('cpu', 30);
    assert.equal(automaticProvider([report('cuda'), report('webgpu', 400), cpu]), 'webgpu');
    assert.equal(automaticProvider([report('cuda', 900), report('webgpu', 400), cpu]), 'cuda');
    assert.equal(automaticProvider([report('cuda'), report('webgpu', 0.1), cpu]), 'cpu');
    assert.equal(automaticProvider([report('coreml', 500), report('webgpu'), cpu]), 'cpu');
    assert.equal(automaticProvider([]), 'cpu');
  });

  it('are probed with a real run; the processor always works', async () => {
    const reports = await probeProviders();
    const cpu = reports.find(({ provider }) => provider === 'cpu');
    assert.equal(cpu?.works, true);
    assert.ok((cpu.gflops ?? 0) > 0);
    for (const { works, reason } of reports) {
      assert.ok(works || (reason !== undefined && !reason.includes('\n')));
    }
  });

  it('that do not exist here are refused with the reason', async () => {
    const absent = process.platform === 'win32' ? 'coreml' : 'dml';
    await assert.rejects(chooseProvider(absent), { code: 'device-unavailable' });
    assert.equal(await chooseProvider('cpu'), 'cpu');
  });
});
