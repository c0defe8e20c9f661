import assert from 'node:assert/strict';
import { FormState } from '../../../src/webview/build/formState';
import { Latest } from '../../../src/webview/build/latest';
import { progressText } from '../../../src/webview/shared/format';

describe('What the form holds', () => {
  const first = {
    reports: 'a/reports.csv',
    images: 'a/images',
    labels: 'a/labels.csv',
    exclude: ['a/no_chest.txt'],
  };

  const begin = (state: FormState, isTrusted = true): void => {
    state.begin({ form: first, isTrusted });
  };

  it('is what the host proposes, and then what the user fills in', () => {
    const state = new FormState(undefined);
    begin(state);
    state.change({ options: 3, labels: undefined });
    assert.deepEqual(state.form, { ...first, options: 3, labels: undefined });
  });

  it('changes with the reports table where the user filled in nothing of his own', () => {
    const state = new FormState(undefined);
    begin(state);
    state.change({ reports: 'b/reports.csv', images: 'my/images', seed: 4 });
    const next = { images: 'b/images', metadata: 'b/metadata.csv', labels: 'b/labels.csv' };
    assert.equal(state.propose('b/reports.csv', next), true);
    assert.deepEqual(state.form, {
      reports: 'b/reports.csv',
      images: 'my/images',
      metadata: 'b/metadata.csv',
      labels: 'b/labels.csv',
      seed: 4,
    });
  });

  it('is left alone by a proposal for a table that it no longer names', () => {
    const state = new FormState(undefined);
    begin(state);
    state.change({ reports: 'c.csv' });
    assert.equal(state.propose('b.csv', { images: 'b' }), false);
    assert.deepEqual(state.form, { ...first, reports: 'c.csv' });
    // What a late proposal said is not taken for what was proposed.
    state.propose('c.csv', { images: 'c' });
    assert.deepEqual(state.form, { reports: 'c.csv', images: 'c' });
  });

  it('survives its page, with what was proposed and what was not', () => {
    const before = new FormState(undefined);
    begin(before);
    before.change({ metadata: 'mine.csv' });
    const after = new FormState(JSON.parse(JSON.stringify(before.kept)));
    begin(after);
    assert.deepEqual(after.form, before.form);
    after.change({ reports: 'b.csv' });
    after.propose('b.csv', {});
    assert.deepEqual(after.form, { reports: 'b.csv', metadata: 'mine.csv' });
  });

  it('begins anew where what was remembered is something else', () => {
    for (const strange of [null, 3, 'text', {}, { form: {} }]) {
      const state = new FormState(strange);
      begin(state);
      assert.deepEqual(state.form, first);
    }
  });

  it('is not read in a workspace that is not trusted before the user asks for it or edits', () => {
    const asked = new FormState(undefined);
    assert.equal(asked.mayRead, false);
    begin(asked, false);
    assert.equal(asked.mayRead, false);
    asked.allowReading();
    assert.equal(asked.mayRead, true);
    const edited = new FormState(asked.kept);
    begin(edited, false);
    assert.equal(edited.mayRead, false);
    edited.change({ seed: 1 });
    assert.equal(edited.mayRead, true);
    const trusted = new FormState(undefined);
    begin(trusted);
    assert.equal(trusted.mayRead, true);
  });
});

describe('Work of which the last alone counts', () => {
  /** Work that ends when the test says so. */
  class Held {
    readonly signals: AbortSignal[] = [];
    end: (value: string) => void = () => undefined;
    fail: (error: Error) => void = () => undefined;
    private readonly done = new Promise<string>((resolve, reject) => {
      [this.end, this.fail] = [resolve, reject];
    });
    readonly action = (signal: AbortSignal): Promise<string> => {
      this.signals.push(signal);
      return this.done;
    };
  }

  it('gives its value, or what went wrong', async () => {
    const latest = new Latest();
    assert.deepEqual(await latest.run(() => Promise.resolve(4)), { value: 4 });
    const error = new Error('no');
    assert.deepEqual(await latest.run(() => Promise.reject(error)), { error });
    assert.equal(latest.isRunning, false);
  });

  it('drops the answer of what was begun before', async () => {
    const latest = new Latest();
    const [old, fresh] = [new Held(), new Held()];
    const outcomes = [latest.run(old.action), latest.run(fresh.action)];
    fresh.end('fresh');
    old.end('stale');
    assert.deepEqual(await Promise.all(outcomes), [undefined, { value: 'fresh' }]);
    assert.equal(fresh.signals[0].aborted, false);
  });

  it('stops the earlier work once the new has begun, so that what both wait for goes on', async () => {
    const latest = new Latest();
    const old = new Held();
    const first = latest.run(old.action);
    const second = latest.run(() => {
      assert.equal(old.signals[0].aborted, false);
      return Promise.resolve('fresh');
    });
    assert.equal(old.signals[0].aborted, true);
    old.fail(new Error('stopped'));
    assert.deepEqual(await Promise.all([first, second]), [undefined, { value: 'fresh' }]);
  });

  it('is stopped by the user, and says nothing then', async () => {
    const latest = new Latest();
    const work = new Held();
    const outcome = latest.run(work.action);
    assert.equal(latest.isRunning, true);
    latest.stop();
    assert.equal(latest.isRunning, false);
    assert.equal(work.signals[0].aborted, true);
    work.fail(new Error('stopped'));
    assert.equal(await outcome, undefined);
  });
});

describe('How far work is', () => {
  it('is said in per cent, or as a count where the total is not known', () => {
    assert.equal(progressText({ stage: 'Reading', done: 1, total: 4 }), 'Reading 25 %');
    assert.equal(progressText({ stage: 'Reading', done: 9, total: 4 }), 'Reading 100 %');
    assert.equal(progressText({ stage: 'Looking', done: 12 }), 'Looking 12');
    assert.equal(progressText({ stage: 'Looking', done: 0 }), 'Looking');
    assert.equal(progressText({ stage: 'Reading', done: 0, total: 0 }), 'Reading');
  });
});
