import assert from 'node:assert/strict';
import fc from 'fast-check';
import { epochBatches } from '../../../src/engine/questionOrder';
import { lossAndAccuracy } from '../../../src/engine/questions';
import { learningRateAt } from '../../../src/engine/schedule';
import { StepMeter } from '../../../src/engine/stepMeter';

describe('the batches of an epoch', () => {
  const optionCounts = fc.array(fc.integer({ min: 2, max: 5 }), { minLength: 1, maxLength: 60 });
  const batchSize = fc.integer({ min: 1, max: 9 });

  it('are full, hold questions of equally many options, and every question', () => {
    fc.assert(
      fc.property(optionCounts, batchSize, fc.nat(), (counts, batch, seed) => {
        const batches = epochBatches(counts, batch, seed, 1);
        assert.deepEqual(new Set(batches.flat()), new Set(counts.keys()));
        for (const questions of batches) {
          assert.equal(questions.length, batch);
          assert.equal(new Set(questions.map((question) => counts[question])).size, 1);
        }
        const groups = [...new Set(counts)].map((k) => counts.filter((n) => n === k).length);
        assert.equal(
          batches.length,
          groups.reduce((sum, size) => sum + Math.ceil(size / batch), 0),
        );
      }),
    );
  });

  it('repeat for a seed and differ between epochs', () => {
    const counts = new Array<number>(40).fill(4);
    assert.deepEqual(epochBatches(counts, 8, 3, 1), epochBatches(counts, 8, 3, 1));
    assert.notDeepEqual(epochBatches(counts, 8, 3, 1), epochBatches(counts, 8, 3, 2));
    assert.notDeepEqual(epochBatches(counts, 8, 3, 1), epochBatches(counts, 8, 4, 1));
  });
});

describe('the learning rate', () => {
  const training = { learningRate: 0.2, warmupSteps: 10, schedule: 'cosine' } as const;

  it('rises to the peak and falls as half a cosine', () => {
    assert.equal(learningRateAt(1, 110, training), 0.2 / 11);
    assert.equal(learningRateAt(10, 110, training), 2 / 11);
    assert.equal(learningRateAt(11, 110, training), 0.2);
    assert.ok(Math.abs(learningRateAt(61, 110, training) - 0.1) < 1e-12);
    assert.ok(learningRateAt(110, 110, training) > 0);
    assert.ok(learningRateAt(110, 110, training) < 1e-4);
  });

  it('stays at the peak where the schedule is constant, and reaches it in short runs', () => {
    const constant = { ...training, schedule: 'constant' } as const;
    assert.equal(learningRateAt(100, 100, constant), 0.2);
    assert.equal(learningRateAt(1, 1, constant), 0.2);
    assert.equal(learningRateAt(4, 12, constant), 0.2);
  });
});

describe('the step meter', () => {
  it('logs means since the last line, and the time left', () => {
    let now = 0;
    const meter = new StepMeter(1600, 2, () => now);
    const lines = [];
    for (let step = 1; step <= 8; step++) {
      now += 0.5;
      lines.push(
        meter.add({
          step,
          epoch: 1,
          loss: step,
          logits: Float32Array.of(0, 1, 1, 0),
          labels: [1, step % 2],
          learningRate: 0.1,
          isLastOfEpoch: false,
        }),
      );
    }
    const logged = lines.filter((line) => line !== undefined);
    assert.deepEqual(
      logged.map(({ step }) => step),
      [4, 8],
    );
    assert.equal(logged[1].loss, (5 + 6 + 7 + 8) / 4);
    assert.equal(logged[1].accuracy, 0.75);
    assert.equal(logged[1].questionsPerSecond, 4);
    assert.ok(Math.abs(logged[1].secondsLeft - 1592 * 0.5) < 1e-6);
  });

  it('gives each step of one run its share of the time', () => {
    let now = 0;
    const meter = new StepMeter(8, 1, () => now);
    for (const firstOfRun of [1, 5]) {
      now += 8;
      for (const following of [3, 2, 1, 0]) {
        const line = meter.add({
          step: firstOfRun + 3 - following,
          epoch: 1,
          loss: 1,
          logits: Float32Array.of(0, 1),
          labels: [1],
          learningRate: 0.1,
          isLastOfEpoch: false,
          following,
          waitSeconds: 1,
        });
        assert.equal(line?.questionsPerSecond, 0.5);
        assert.equal(line.waitShare, 0.5);
      }
    }
  });

  it('counts steps that overflowed: their loss is one, the norm of their gradients is none', () => {
    const meter = new StepMeter(1600, 1, () => 0);
    const step = (number: number, gradientNorm: number, hasOverflowed: boolean) =>
      meter.add({
        step: number,
        epoch: 1,
        loss: number,
        logits: Float32Array.of(0, 1),
        labels: [1],
        learningRate: 0.1,
        isLastOfEpoch: false,
        gradientNorm,
        hasOverflowed,
        lossScale: hasOverflowed ? 512 : 1024,
      });
    step(1, 3, false);
    step(2, 5, false);
    step(3, Infinity, true);
    const line = step(4, NaN, true);
    assert.equal(line?.loss, 2.5);
    assert.equal(line.gradientNorm, 4);
    assert.deepEqual([line.overflows, line.lossScale], [2, 512]);
    assert.equal(step(8, 6, false)?.overflows, 0);
  });

  it('keeps nobody waiting in a slow run', () => {
    let now = 0;
    const meter = new StepMeter(100_000, 1, () => now);
    const logged = [];
    for (let step = 1; step <= 12; step++) {
      now += 4;
      const outcome = { step, epoch: 1, loss: 1, learningRate: 0.1, isLastOfEpoch: false };
      logged.push(meter.add({ ...outcome, logits: Float32Array.of(0, 1), labels: [1] }));
    }
    assert.deepEqual(
      logged.flatMap((line) => line?.step ?? []),
      [3, 6, 9, 12],
    );
  });

  it('logs the end of an epoch, and does not count what lies between epochs', () => {
    let now = 0;
    const meter = new StepMeter(100_000, 1, () => now);
    now = 100;
    meter.resume();
    now = 101;
    const line = meter.add({
      step: 1,
      epoch: 1,
      loss: 1,
      logits: Float32Array.of(0, 1),
      labels: [1],
      learningRate: 0.1,
      isLastOfEpoch: true,
    });
    assert.equal(line?.questionsPerSecond, 1);
  });
});

describe('loss and accuracy', () => {
  it('of equal logits are those of chance, of certain ones 0 and 1', () => {
    const even = lossAndAccuracy([[5, 5, 5, 5]], [2]);
    assert.ok(Math.abs(even.loss - Math.log(4)) < 1e-12);
    const certain = lossAndAccuracy(
      [
        [0, 1000],
        [900, 0],
      ],
      [1, 0],
    );
    assert.deepEqual(certain, { loss: 0, accuracy: 1 });
  });
});
