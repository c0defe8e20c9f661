import * as vscode from 'vscode';
import type { DoctorReport } from '../../core/run';
import { withProgress } from '../longWork';
import type { Services } from '../services';
import { modelsFolder } from './runs';

/** The report as a read-only document, which nobody is asked to save. */
class ReportDocument implements vscode.TextDocumentContentProvider {
  static readonly uri = vscode.Uri.from({ scheme: 'ct-mcqa-doctor', path: 'CT MCQA Doctor.md' });
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private text = '';

  provideTextDocumentContent(): string {
    return this.text;
  }

  show(text: string): Thenable<unknown> {
    this.text = text;
    this.changed.fire(ReportDocument.uri);
    return vscode.commands.executeCommand('markdown.showPreview', ReportDocument.uri);
  }
}

let reportDocument: ReportDocument | undefined;

/** Registered at the first report. */
function theReportDocument({ disposables }: Services): ReportDocument {
  if (reportDocument === undefined) {
    reportDocument = new ReportDocument();
    disposables.add(
      vscode.workspace.registerTextDocumentContentProvider(
        ReportDocument.uri.scheme,
        reportDocument,
      ),
    );
  }
  return reportDocument;
}

/** Tries every device with a small model and shows what works here, as a page. */
export async function doctor(services: Services): Promise<DoctorReport> {
  const report = await withProgress(vscode.l10n.t('Checking this machine'), (work) =>
    services.workers.request('doctor', { modelsFolder: modelsFolder(services) }, work),
  );
  await theReportDocument(services).show(reportText(report));
  return report;
}

function reportText(report: DoctorReport): string {
  const { l10n } = vscode;
  const { versions, cores, memoryGb, providers, presets, problems } = report;
  const yes = l10n.t('works');
  const no = l10n.t('does not work');
  return [
    `# ${l10n.t('CT MCQA on this machine')}`,
    '',
    `- CT MCQA ${versions.product}, Node.js ${versions.node}, onnxruntime ${versions.onnxruntime}`,
    `- ${l10n.t('System')}: ${report.platform}, ${l10n.t('{0} cores ({1} usable)', cores.physical, cores.available)}, ${l10n.t('{0} GB memory ({1} free)', memoryGb.total.toFixed(1), memoryGb.free.toFixed(1))}`,
    `- ${l10n.t('Device that "auto" takes')}: **${report.device}**`,
    '',
    `## ${l10n.t('Devices')}`,
    '',
    `| ${l10n.t('Device')} | | ${l10n.t('Speed')} | ${l10n.t('Mixed precision')} | ${l10n.t('Remark')} |`,
    '|:-|:-|-:|:-|:-|',
    ...providers.map(
      ({ provider, works, reason, gflops, mixedPrecision, mixedPrecisionReason }) => {
        const speed = gflops === undefined ? '' : `${gflops.toFixed(0)} GFLOP/s`;
        const mixed =
          mixedPrecision === undefined
            ? ''
            : mixedPrecision
              ? yes
              : `${no}: ${mixedPrecisionReason}`;
        return `| ${provider} | ${works ? yes : no} | ${speed} | ${mixed} | ${reason ?? ''} |`;
      },
    ),
    '',
    `## ${l10n.t('Models')}`,
    '',
    ...presets.map(({ name, title }) => `- \`${name}\`: ${title}`),
    ...(problems.length === 0
      ? []
      : ['', `## ${l10n.t('Problems')}`, '', ...problems.map((problem) => `- ${problem}`)]),
    '',
  ].join('\n');
}
