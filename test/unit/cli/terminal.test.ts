import assert from 'node:assert/strict';

import { formatTable, ProgressLine, visible } from '../../../src/cli/terminal';

class Recorder {
  text = '';
  constructor(
    readonly isTTY: boolean,
    readonly columns = 40,
  ) {}
  write(text: string): void {
    this.text += text;
  }
}

describe('What is printed', () => {
  it('shows what would steer the terminal, and keeps everything else', () => {
    const name = 'a\u001b[31mb\r\u009bc\u007f 肺\u{1f600}';
    const shown = 'a\\x1b[31mb\\x0d\\x9bc\\x7f 肺\u{1f600}';
    assert.equal(visible(name, 'line'), shown);
    assert.equal(visible(`${name}\n\tb`, 'line'), `${shown}\\x0a\\x09b`);
    assert.equal(visible(`${name}\n\tb`, 'lines'), `${shown}\n\tb`);
  });
});

describe('ProgressLine', () => {
  it('shows what would steer the terminal in the name of a file', () => {
    for (const isTTY of [true, false]) {
      const output = new Recorder(isTTY);
      new ProgressLine(output).report({ stage: 'Reading', done: 1, detail: 'a\u001b]0;b\nc' });
      assert.ok(output.text.includes('a\\x1b]0;b\\x0ac'), output.text);
    }
  });

  it('redraws one line on a terminal, never wider than it, and leaves it clean', () => {
    const output = new Recorder(true, 30);
    const line = new ProgressLine(output);
    line.report({ stage: 'Reading volumes', done: 3, total: 12, detail: 'a long detail' });
    line.report({ stage: 'Reading volumes', done: 4, total: 12 });
    line.clear();
    const drawn = output.text.split('\r\u001b[K');
    assert.equal(drawn.length, 4);
    assert.ok(drawn.every((text) => text.length < 30));
    assert.equal(drawn.at(-1), '');
  });

  it('writes a line to a log when a stage begins, at intervals, and at its end', () => {
    let now = 0;
    const output = new Recorder(false);
    const line = new ProgressLine(output, () => now);
    for (let done = 0; done <= 100; done++) {
      now += 100;
      line.report({ stage: 'Training', done, total: 100 });
    }
    const lines = output.text.trim().split('\n');
    assert.equal(lines[0], 'Training  0/100');
    assert.equal(lines.at(-1), 'Training  100/100');
    assert.equal(lines.length, 3);
  });

  it('counts what people count, and gives the share of bytes', () => {
    const output = new Recorder(false);
    const line = new ProgressLine(output);
    line.report({ stage: 'Reading volumes', done: 3, total: 12 });
    line.report({ stage: 'Reading reports', done: 327680, total: 464076 });
    assert.equal(output.text, 'Reading volumes  3/12\nReading reports  70 %\n');
  });
});

describe('formatTable', () => {
  it('lines up columns under their headings', () => {
    assert.equal(
      formatTable([
        ['rank', 'text'],
        ['1', 'a longer text'],
      ]),
      'rank  text\n────  ─────────────\n1     a longer text',
    );
  });
});
