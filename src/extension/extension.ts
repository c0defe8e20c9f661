import * as vscode from 'vscode';
import { registerCommands } from './commands/register';
import { DisposableList } from './disposables';
import { showErrorWithLog, showFailure } from './failures';
import { registerLanguage } from './language/register';
import { LintService } from './language/lintService';
import { watchForOversizedFiles } from './language/oversizedFiles';
import { OpenQuestionFiles } from './language/openQuestionFiles';
import { PredictionStore } from './results/predictionStore';
import { registerResults } from './results/register';
import type { Services } from './services';
import { registerTasks } from './tasks/taskProvider';
import { registerTools } from './tools/register';
import { registerViews } from './views';
import { HeldPages } from './views/preview/heldPages';
import { PreviewPlaces } from './views/preview/places';
import { WorkerPool } from './workers';

/** What tests of the real editor look at; not meant for other extensions. */
export interface ExtensionApi {
  readonly services: Services;
  /** Host time that activation took, ms. */
  readonly activationMs: number;
}

/** Builds the services and registers what package.json contributes; loads nothing heavy. */
export function activate(context: vscode.ExtensionContext): ExtensionApi {
  const started = performance.now();
  const log = vscode.window.createOutputChannel('CT MCQA', { log: true });
  context.subscriptions.push(log);
  try {
    const services = createServices(context, log);
    registerCommands(services);
    registerResults(services);
    registerLanguage(services);
    registerTools(services);
    registerViews(services);
    registerTasks(services);
    services.documents.start();
    services.disposables.add(watchForOversizedFiles());
    const activationMs = performance.now() - started;
    log.info(`active after ${activationMs.toFixed(0)} ms`);
    return { services, activationMs };
  } catch (error) {
    showFailure(log, error);
    throw error;
  }
}

function createServices(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): Services {
  const disposables = new DisposableList();
  context.subscriptions.push(disposables);
  const { extensionUri } = context;
  const workers = disposables.add(createWorkers(extensionUri, log));
  const documents = disposables.add(new OpenQuestionFiles());
  const rulesPage = vscode.Uri.joinPath(extensionUri, 'docs', 'rules.md');
  return {
    extensionUri,
    disposables,
    log,
    memory: context.workspaceState,
    heldPages: new HeldPages(),
    places: new PreviewPlaces(),
    workers,
    documents,
    lint: disposables.add(new LintService({ log, workers, documents, rulesPage })),
    predictions: disposables.add(new PredictionStore(documents, log)),
  };
}

function createWorkers(extensionUri: vscode.Uri, log: vscode.LogOutputChannel): WorkerPool {
  return new WorkerPool({
    workerPath: vscode.Uri.joinPath(extensionUri, 'dist', 'worker.js').fsPath,
    log,
    onUnexpectedEnd: () => {
      showErrorWithLog(
        log,
        vscode.l10n.t(
          'The CT MCQA worker process ended unexpectedly; its work is lost. The next command starts a new one.',
        ),
      );
    },
  });
}
