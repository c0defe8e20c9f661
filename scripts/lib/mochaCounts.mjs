// Mocha's dot reporter, which also writes its counts to the file named in MOCHA_COUNTS.
import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

export default class CountingReporter extends Mocha.reporters.Dot {
  constructor(runner, options) {
    super(runner, options);
    runner.once('end', () => {
      const { passes, failures, pending } = this.stats;
      const counts = { passed: passes, failed: failures, skipped: pending };
      writeFileSync(process.env.MOCHA_COUNTS, JSON.stringify(counts));
    });
  }
}
