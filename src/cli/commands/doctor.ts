import type { DoctorReport } from '../../core/run';
import { examine } from '../../engine/doctor';
import { formatOption } from '../arguments';
import type { CommandDefinition, OutputFormat } from '../command';
import { toJson } from '../command';
import { exitCodes } from '../exitCodes';
import { formatTable } from '../terminal';

export const doctorCommand: CommandDefinition = {
  declare(program, run) {
    program
      .command('doctor')
      .description('what this machine can run, and why not')
      .addOption(formatOption())
      .action((options: { format: OutputFormat }) =>
        run(async ({ modelsFolder, print }) => {
          const report = await examine(modelsFolder);
          print(options.format === 'json' ? toJson(report) : asText(report));
          return report.problems.length === 0 ? exitCodes.done : exitCodes.couldNotRun;
        }),
      );
  },
};

function asText(report: DoctorReport): string {
  const { versions, cores, memoryGb } = report;
  const devices = report.providers.map(
    ({ provider, works, reason, gflops, mixedPrecision, mixedPrecisionReason }) => [
      provider,
      works ? 'works' : 'no',
      gflops === undefined ? '' : `${gflops.toFixed(0)} GFLOP/s`,
      mixedPrecision === undefined ? '' : mixedPrecision ? 'yes' : `no: ${mixedPrecisionReason}`,
      reason ?? '',
    ],
  );
  return [
    `ct-mcqa ${versions.product}, onnxruntime ${versions.onnxruntime}, Node ${versions.node}, ${report.platform}`,
    `${cores.physical} cores (${cores.available} available), ${memoryGb.free} of ${memoryGb.total} GB memory free`,
    '',
    formatTable([['device', '', 'speed', 'mixed precision', 'why'], ...devices]),
    `auto uses ${report.device}`,
    '',
    `presets: ${report.presets.map(({ name }) => name).join(', ')}`,
    ...report.problems.map((problem) => `problem: ${problem}`),
  ].join('\n');
}
