import type { Services } from '../services';
import { commandIds, type CommandId } from '../ids';

/** What a command does; arguments come from menus (a resource) or from other code. */
export type CommandRun = (services: Services, ...args: unknown[]) => Promise<unknown>;

export interface CommandDefinition {
  readonly id: CommandId;
  /** Key of the title in package.nls.json. */
  readonly title: string;
  /** Loading a model or writing at the wish of a workspace needs a trusted one. */
  readonly needsTrust: boolean;
  /** Loads the code on the first use: activation evaluates none of it. */
  readonly load: () => Promise<CommandRun>;
}

/** Every command of the extension. */
export const commandTable: readonly CommandDefinition[] = [
  {
    id: commandIds.train,
    title: 'command.train.title',
    needsTrust: true,
    load: async () => (await import('./train')).train,
  },
  {
    id: commandIds.evaluate,
    title: 'command.evaluate.title',
    needsTrust: true,
    load: async () => (await import('./evaluate')).evaluate,
  },
  {
    id: commandIds.scoreReports,
    title: 'command.scoreReports.title',
    needsTrust: true,
    load: async () => (await import('./scoreReports')).scoreReports,
  },
  {
    id: commandIds.buildDataset,
    title: 'command.buildDataset.title',
    needsTrust: false,
    load: async () => (await import('./buildDataset')).buildDatasetCommand,
  },
  {
    id: commandIds.createSample,
    title: 'command.createSample.title',
    needsTrust: false,
    load: async () => (await import('./createSample')).createSample,
  },
  {
    id: commandIds.lintFile,
    title: 'command.lintFile.title',
    needsTrust: false,
    load: async () => (await import('./lintFile')).lintFileCommand,
  },
  {
    id: commandIds.lintWorkspace,
    title: 'command.lintWorkspace.title',
    needsTrust: false,
    load: async () => (await import('./lintFile')).lintWorkspaceCommand,
  },
  {
    id: commandIds.mapImageRoot,
    title: 'command.mapImageRoot.title',
    needsTrust: false,
    load: async () => (await import('./mapImageRoot')).mapImageRoot,
  },
  {
    id: commandIds.showRun,
    title: 'command.showRun.title',
    needsTrust: false,
    load: async () => (await import('./showRun')).showRun,
  },
  {
    id: commandIds.openPreview,
    title: 'command.openPreview.title',
    needsTrust: false,
    load: async () => (await import('./openPreview')).openPreview,
  },
  {
    id: commandIds.compareVolumes,
    title: 'command.compareVolumes.title',
    needsTrust: false,
    load: async () => (await import('./compareVolumes')).compareVolumes,
  },
  {
    id: commandIds.showQuestionCard,
    title: 'command.showQuestionCard.title',
    needsTrust: false,
    load: async () => (await import('./questionCard')).showQuestionCardCommand,
  },
  {
    id: commandIds.nextQuestion,
    title: 'command.nextQuestion.title',
    needsTrust: false,
    load: async () => (await import('./questionCard')).moveTo('next'),
  },
  {
    id: commandIds.previousQuestion,
    title: 'command.previousQuestion.title',
    needsTrust: false,
    load: async () => (await import('./questionCard')).moveTo('previous'),
  },
  {
    id: commandIds.nextWrongQuestion,
    title: 'command.nextWrongQuestion.title',
    needsTrust: false,
    load: async () => (await import('./questionCard')).moveTo('nextWrong'),
  },
  {
    id: commandIds.previousWrongQuestion,
    title: 'command.previousWrongQuestion.title',
    needsTrust: false,
    load: async () => (await import('./questionCard')).moveTo('previousWrong'),
  },
  {
    id: commandIds.showOverview,
    title: 'command.showOverview.title',
    needsTrust: false,
    load: async () => (await import('./showOverview')).showOverview,
  },
  {
    id: commandIds.doctor,
    title: 'command.doctor.title',
    needsTrust: true,
    load: async () => (await import('./doctor')).doctor,
  },
  {
    id: commandIds.showLog,
    title: 'command.showLog.title',
    needsTrust: false,
    load: async () => (await import('./showLog')).showLog,
  },
];
