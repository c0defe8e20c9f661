/**
 * Measures the CT preview in a real VS Code (code-server and Chromium, as in test/host), beside bare
 * gunzip and beside NiiVue in the same browser. Started by preview.mjs. Linux only.
 *
 * usage: npm run bench -- preview [--only transport,open,compressed,steps,leak,large] [--runs 3] [--no-peer] [--extension FOLDER]
 */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { say } from './figures';
import { measureLarge } from './largePart';
import { measureLeaks } from './leakPart';
import { measureCompressed, measureOpening, measureSteps, type MeasureSettings } from './openPart';
import { measureTransport } from './transportPart';
import type { WindowOptions } from './window';

const { values: flags } = parseArgs({
  options: {
    browser: { type: 'string', default: '' },
    node: { type: 'string', default: '' },
    entry: { type: 'string', default: '' },
    extension: { type: 'string', default: join(__dirname, '..', '..') },
    only: { type: 'string', default: 'transport,open,compressed,steps,leak' },
    runs: { type: 'string', default: '3' },
    'no-peer': { type: 'boolean', default: false },
  },
});

/** `large` needs 10 GB of disk and takes minutes: it runs when it is asked for. */
const parts: Readonly<
  Record<string, (options: WindowOptions, settings: MeasureSettings) => Promise<void>>
> = {
  transport: measureTransport,
  open: measureOpening,
  compressed: measureCompressed,
  steps: measureSteps,
  leak: measureLeaks,
  large: measureLarge,
};

async function main(): Promise<void> {
  const options: WindowOptions = {
    editor: { node: flags.node, entry: flags.entry },
    browserPath: flags.browser,
    extension: resolve(flags.extension),
    compression: false,
  };
  const settings = { runs: Number(flags.runs), withPeer: !flags['no-peer'] };
  for (const name of flags.only.split(',')) {
    if (!Object.hasOwn(parts, name)) {
      throw new Error(`No part "${name}"; there are: ${Object.keys(parts).join(', ')}.`);
    }
    say(`\n-- ${name}`);
    await parts[name](options, settings);
  }
}

void main();
