import assert from 'node:assert/strict';
import { runCommandLine } from '../../../src/cli/program';
import { CancelledError } from '../../../src/core/errors';
import { explainMethods } from '../../../src/core/explanation';
import type { ExplainOptions } from '../../../src/core/explanation';
import { worldOf } from '../../../src/core/volume/affine';
import { readVolume } from '../../../src/core/volume/read';
import { explain } from '../../../src/engine/explain';
import { scoreVolume } from '../../../src/engine/score';
import { train } from '../../../src/engine/train';
import { writeTinyCorpus } from './tinyCorpus';
import type { TinyCorpus } from './tinyCorpus';

/** What leads from the volume to the logits in two runs. */
const kinds = {
  dual: {},
  cross: { 'fusion.kind': 'cross_attention', metadata: { use: 'token', fields: ['age', 'sex'] } },
} as const;

describe('explaining an answer', () => {
  let corpus: TinyCorpus;

  before(async () => {
    corpus = await writeTinyCorpus(8);
    for (const [name, overrides] of Object.entries(kinds)) {
      await train({ ...corpus.training(name), epochs: 1, overrides }, {});
    }
  });

  after(() => corpus.remove());

  const asked = (kind: keyof typeof kinds, rest: Partial<ExplainOptions> = {}): ExplainOptions => ({
    modelsFolder: corpus.modelsFolder,
    run: corpus.path('runs', kind),
    volume: corpus.volumes[0],
    device: 'cpu',
    texts: { kind: 'question', path: corpus.train },
    method: 'gradient',
    samples: 2,
    ...rest,
  });

  for (const kind of ['dual', 'cross'] as const) {
    it(`has the logits of scoring, whatever the method (${kind})`, async () => {
      const { modelsFolder, run, volume } = asked(kind);
      const texts = { kind: 'dataset', path: corpus.train } as const;
      const scores = await scoreVolume({ modelsFolder, run, volume, device: 'cpu', texts }, {});
      for (const method of explainMethods) {
        const explanation = await explain(asked(kind, { method }), {});
        const { options, range } = explanation;
        assert.deepEqual(explanation.shape, [4, 8, 8]);
        assert.deepEqual([explanation.modelHash, explanation.question], [scores.modelHash, 'q0']);
        assert.equal(options.length, 4);
        for (const { label, text, logit, probability, truth, map } of options) {
          const scored = scores.ranking.find((each) => each.text === text)!;
          assert.ok(Math.abs(logit - scored.logit) < 1e-4);
          assert.ok(Math.abs(probability - scored.probability) < 1e-4);
          assert.deepEqual([label, truth], [scored.label, scored.truth]);
          assert.equal(map?.length, 4 * 8 * 8);
          assert.ok(map.every((value) => Math.abs(value) <= range[1]));
          assert.ok(map.some((value) => value !== 0));
        }
      }
    });
  }

  it('explains texts that no file asks about, and only what is wanted of them', async () => {
    const texts = ['Dense region on the left side.', 'Dense region on the right side.'];
    const request = { texts: { kind: 'texts', texts }, against: 0 } as const;
    const { options, question } = await explain(asked('cross', { ...request, only: [1] }), {});
    assert.equal(question, undefined);
    assert.deepEqual(
      options.map(({ label, text, map }) => [label, text, map !== undefined]),
      [
        ['A', texts[0], false],
        ['B', texts[1], true],
      ],
    );
    const answer = await explain(asked('cross', { ...request, only: 'answer' }), {});
    const best = options[0].logit >= options[1].logit ? 0 : 1;
    assert.deepEqual(
      answer.options.map(({ map }) => map !== undefined),
      [best === 0, best === 1],
    );
    // What speaks for one of two speaks against the other.
    const both = await explain(asked('cross', { texts: request.texts }), {});
    both.options[0].map!.forEach((value, at) => {
      assert.ok(Math.abs(value + both.options[1].map![at]) <= 1e-4 * both.range[1]);
    });
  });

  it('says what is not there', async () => {
    const data = { kind: 'question', path: corpus.train } as const;
    const refused: [Partial<ExplainOptions>, string][] = [
      [{ texts: { ...data, question: 'q1' } }, 'question-missing'],
      [{ volume: corpus.path('absent.nii.gz') }, 'volume-without-questions'],
      [{ only: [4] }, 'option-missing'],
      [{ against: -1 }, 'option-missing'],
    ];
    for (const [rest, code] of refused) {
      await assert.rejects(explain(asked('dual', rest), {}), { code });
    }
  });

  it('tells how far it is, and can be stopped', async () => {
    const stop = new AbortController();
    const stages = new Set<string>();
    const work = {
      signal: stop.signal,
      onProgress: ({ stage }: { readonly stage: string }) => {
        stages.add(stage);
        if (stage === 'Differentiating the model') {
          stop.abort();
        }
      },
    };
    await assert.rejects(explain(asked('dual'), work), CancelledError);
    assert.ok(stages.has('Differentiating the model'));
  });

  it('writes a map that lies where the volume lies', async () => {
    const out = corpus.path('maps', 'map.nii.gz');
    const argv = ['explain', '--run', corpus.path('runs', 'dual'), '--volume', corpus.volumes[0]];
    const ask = ['--data', corpus.train, '--question', 'q0', '--option', 'b', '--against', 'A'];
    const format = ['--samples', '2', '--device', 'cpu', '--format', 'json', '--out', out];
    let printed = '';
    const exitCode = await runCommandLine([...argv, ...ask, ...format], {
      terminal: { out: { write: (text) => (printed += text) }, err: { write: () => true } },
      modelsFolder: corpus.modelsFolder,
      onInterrupt: () => undefined,
    });
    assert.equal(exitCode, 0);
    const request = asked('dual', { only: [1], against: 0 });
    const { options } = await explain(request, {});
    const { header, voxels } = await readVolume(out);
    const volume = await readVolume(corpus.volumes[0]);
    assert.deepEqual([header.shape, header.dtype], [[8, 8, 4], 'float32']);
    // Both grids span the same place: from the outer corner of one to that of the other.
    for (const far of [0, 1]) {
      const corner = ({ shape, affine }: typeof header): number[] =>
        worldOf(affine, [far * shape[0] - 0.5, far * shape[1] - 0.5, far * shape[2] - 0.5]);
      corner(header).forEach((mm, axis) => {
        assert.ok(Math.abs(mm - corner(volume.header)[axis]) < 1e-4);
      });
    }
    assert.deepEqual([...voxels], [...options[1].map!]);
    const answer = JSON.parse(printed) as { explained: string; strongest: { value: number } };
    assert.equal(answer.explained, 'B');
    assert.equal(Math.fround(answer.strongest.value), Math.max(...voxels));
  });
});
