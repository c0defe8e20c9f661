import { basename } from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../core/errors';
import type { TrainOptions, TrainResult } from '../../core/run';
import { commandIds } from '../ids';
import { isCancellation } from '../failures';
import { localisedError } from '../localised';
import { imageRootsOf } from '../language/surroundings';
import type { LongWork } from '../../core/progress';
import { progressLine, signalOf, withProgress } from '../longWork';
import type { Services } from '../services';
import { setting } from '../settings';
import type { RunStatus } from '../../protocol/run';
import { openRunPage, showRunFolder, type RunPageHandle } from '../views';
import { answered, choose, chooseQuestionFile } from './choose';
import { freeRunName, listRuns, modelsFolder, runFolderFor, runNameProblem } from './runs';
import { chooseTrainingOptions, type TrainingChoices } from './trainingOptions';

/** What another command or a test may settle beforehand; what is missing is asked. */
export interface TrainArguments extends TrainingChoices {
  readonly preset?: string;
  readonly name?: string;
  /** A question file to validate on; null for none. */
  readonly valid?: string | null;
}

/** A new run, which needs a preset. */
type NewRun = TrainOptions & Required<Pick<TrainOptions, 'preset'>>;

let isTraining = false;

/** Trains a model on a question file, with a page that shows how it goes. */
export async function train(
  services: Services,
  file?: unknown,
  given?: unknown,
): Promise<TrainResult> {
  requireNoTraining();
  const options = await chooseWhatToTrain(services, file, asTrainArguments(given));
  // Another one may have been started while this one was being settled.
  requireNoTraining();
  isTraining = true;
  try {
    const result = await trainWithPage(services, options);
    void offerNextStep(services, options, result);
    return result;
  } finally {
    isTraining = false;
  }
}

/** Two at once would only slow each other down on the one device. */
function requireNoTraining(): void {
  if (isTraining) {
    throw new UserError(
      'training-under-way',
      vscode.l10n.t('A training is under way in this window already.'),
      vscode.l10n.t('Cancel it, or wait for its end.'),
    );
  }
}

/** The explorer passes the list of selected files in second place; that is no arguments object. */
function asTrainArguments(given: unknown): TrainArguments | undefined {
  return typeof given === 'object' && given !== null && !Array.isArray(given) ? given : undefined;
}

async function chooseWhatToTrain(
  services: Services,
  file: unknown,
  given: TrainArguments | undefined,
): Promise<NewRun> {
  const dataset = await chooseQuestionFile(file, vscode.l10n.t('Train on which questions?'));
  const preset = given?.preset ?? (await choosePreset(services));
  const valid = given?.valid === undefined ? await chooseValidation(dataset) : given.valid;
  const name = given?.name ?? (await chooseName(services, dataset, preset));
  const choices: TrainingChoices =
    given ?? (await chooseTrainingOptions({ device: setting('device', dataset) }));
  const { epochs, batch, learningRate, seed, device } = choices;
  return {
    modelsFolder: modelsFolder(services),
    preset,
    dataset: dataset.fsPath,
    imageRoots: imageRootsOf(dataset),
    run: runFolderFor(dataset, name),
    device: device ?? setting('device', dataset),
    overrides: setting('training.overrides', dataset),
    rescale: setting('rescale', dataset),
    ...(valid !== null && { valid }),
    ...(epochs !== undefined && { epochs }),
    ...(batch !== undefined && { batch }),
    ...(learningRate !== undefined && { learningRate }),
    ...(seed !== undefined && { seed }),
  };
}

async function choosePreset(services: Services): Promise<string> {
  const presets = services.workers.request('presets/list', {
    modelsFolder: modelsFolder(services),
  });
  const items = presets.then((list) =>
    list.map(({ name, title, description }) => ({
      label: title,
      description: name,
      detail: description,
      name,
    })),
  );
  return (await choose(vscode.l10n.t('Train which model?'), items)).name;
}

/** A file to measure the model on after each epoch: its `.valid.` twin comes first. */
async function chooseValidation(dataset: vscode.Uri): Promise<string | null> {
  const twin = dataset.path.replace(/\.train\.mcqa\.jsonl$/i, '.valid.mcqa.jsonl');
  const others = (await vscode.workspace.findFiles('**/*.mcqa.jsonl', undefined, 200))
    .filter(({ path }) => path !== dataset.path)
    .sort((a, b) => Number(b.path === twin) - Number(a.path === twin));
  if (others.length === 0) {
    return null;
  }
  const files = others.map((uri) => ({
    label: vscode.workspace.asRelativePath(uri),
    path: uri.fsPath,
    ...(uri.path === twin && { description: vscode.l10n.t('the other part of this set') }),
  }));
  const none = { label: vscode.l10n.t('No validation'), path: null };
  const items = others[0].path === twin ? [...files, none] : [none, ...files];
  return (await choose(vscode.l10n.t('Validate on which questions?'), items)).path;
}

async function chooseName(
  services: Services,
  dataset: vscode.Uri,
  preset: string,
): Promise<string> {
  const taken = (await listRuns(services, dataset)).map(({ name }) => name);
  const stem = basename(dataset.fsPath).replace(/(\.train)?\.mcqa\.jsonl$/i, '');
  return answered(
    await vscode.window.showInputBox({
      title: vscode.l10n.t('Name of the run'),
      prompt: vscode.l10n.t('The run is kept in a folder of this name.'),
      value: freeRunName(`${stem}-${basename(preset, '.json')}`, taken),
      ignoreFocusOut: true,
      validateInput: (name) => runNameProblem(name, taken),
    }),
  );
}

async function trainWithPage(services: Services, options: NewRun): Promise<TrainResult> {
  const stopper = new vscode.CancellationTokenSource();
  const page = openRunPage(
    services,
    {
      name: basename(options.run),
      folder: options.run,
      preset: options.preset,
      dataset: basename(options.dataset),
      device: options.device ?? 'auto',
      ...(options.valid !== undefined && { valid: basename(options.valid) }),
      ...(options.seed !== undefined && { seed: options.seed }),
    },
    () => {
      stopper.cancel();
    },
  );
  try {
    const result = await withProgress(
      vscode.l10n.t('Training {0}', basename(options.run)),
      (work) => requestTraining(services, options, page, work, signalOf(stopper.token)),
    );
    page.facts({ device: result.device, modelHash: result.modelHash });
    page.status({ state: 'finished' });
    return result;
  } catch (error) {
    page.status(endOf(error));
    throw error;
  } finally {
    stopper.dispose();
  }
}

function requestTraining(
  services: Services,
  options: TrainOptions,
  page: RunPageHandle,
  work: LongWork,
  pageSignal: AbortSignal,
): Promise<TrainResult> {
  const signals = [pageSignal, ...(work.signal ? [work.signal] : [])];
  return services.workers.request('train', options, {
    signal: AbortSignal.any(signals),
    onProgress: (progress) => {
      work.onProgress?.(progress);
      page.status({ state: 'training', activity: progressLine(progress) });
    },
    onEvent: (event) => {
      if (event.kind === 'step') {
        page.step(event);
      } else if (event.kind === 'validation') {
        page.validation(event);
      } else {
        page.skipped(event);
      }
    },
  });
}

/** How a run that did not finish ended. */
function endOf(thrown: unknown): RunStatus {
  if (isCancellation(thrown)) {
    return { state: 'cancelled' };
  }
  const error = localisedError(thrown);
  return {
    state: 'failed',
    problem: {
      message: error instanceof Error ? error.message : String(error),
      ...(error instanceof UserError && { remedy: error.remedy }),
    },
  };
}

async function offerNextStep(
  services: Services,
  options: TrainOptions,
  result: TrainResult,
): Promise<void> {
  const evaluate = vscode.l10n.t('Evaluate');
  const showRun = vscode.l10n.t('Show Run');
  const openFolder = vscode.l10n.t('Show Run Folder');
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t('The run {0} is trained.', basename(result.folder)),
    evaluate,
    showRun,
    openFolder,
  );
  if (chosen === evaluate) {
    const questions = vscode.Uri.file(options.valid ?? options.dataset);
    await vscode.commands.executeCommand(commandIds.evaluate, questions, {
      run: result.folder,
    });
  } else if (chosen === showRun) {
    await showRunFolder(services, result.folder);
  } else if (chosen === openFolder) {
    await vscode.commands.executeCommand('revealInExplorer', vscode.Uri.file(result.folder));
  }
}
