/** One check of one file, as the command line does it. usage: node ours.cjs QUESTIONS basic|all */
import { lintFile } from '../../src/core/dataset/lint';
import type { RuleSelection } from '../../src/core/dataset/lint';

async function main(): Promise<void> {
  const [path, rules] = process.argv.slice(2);
  const start = performance.now();
  const findings = await lintFile(path, {}, { rules: rules as RuleSelection });
  const seconds = (performance.now() - start) / 1000;
  const peakMb = process.resourceUsage().maxRSS / 1024;
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  process.stdout.write(JSON.stringify({ seconds, peakMb, errors }));
}

void main();
