/**
 * Every name that package.json and the code share, in one place. A unit test compares the two
 * (test/unit/extension/contributions.test.ts).
 */

export const languageId = 'ct-mcqa';

/** Files of this ending are question files, whatever language mode the editor gave them. */
export const questionFileSuffix = '.mcqa.jsonl';
export const volumeFilePattern = /\.nii(\.gz)?$/i;

export const commandIds = {
  train: 'ctMcqa.train',
  evaluate: 'ctMcqa.evaluate',
  scoreReports: 'ctMcqa.scoreReports',
  buildDataset: 'ctMcqa.buildDataset',
  createSample: 'ctMcqa.createSample',
  lintFile: 'ctMcqa.lintFile',
  lintWorkspace: 'ctMcqa.lintWorkspace',
  mapImageRoot: 'ctMcqa.mapImageRoot',
  showRun: 'ctMcqa.showRun',
  openPreview: 'ctMcqa.openPreview',
  compareVolumes: 'ctMcqa.compareVolumes',
  showQuestionCard: 'ctMcqa.showQuestionCard',
  nextQuestion: 'ctMcqa.nextQuestion',
  previousQuestion: 'ctMcqa.previousQuestion',
  nextWrongQuestion: 'ctMcqa.nextWrongQuestion',
  previousWrongQuestion: 'ctMcqa.previousWrongQuestion',
  showOverview: 'ctMcqa.showOverview',
  doctor: 'ctMcqa.doctor',
  showLog: 'ctMcqa.showLog',
} as const;
export type CommandId = (typeof commandIds)[keyof typeof commandIds];

export const viewTypes = {
  preview: 'ctMcqa.preview',
  compare: 'ctMcqa.compare',
  run: 'ctMcqa.run',
  scores: 'ctMcqa.scores',
  questionCard: 'ctMcqa.questionCard',
  overview: 'ctMcqa.overview',
  build: 'ctMcqa.build',
} as const;

/** Type of tasks in tasks.json. */
export const taskType = 'ct-mcqa';

export const toolNames = {
  inspectVolume: 'inspect_ct_volume',
  validateDataset: 'validate_mcq_dataset',
  scoreReports: 'score_reports',
} as const;

export const colorIds = {
  correct: 'ctMcqa.correctForeground',
  wrong: 'ctMcqa.wrongForeground',
  stale: 'ctMcqa.staleForeground',
} as const;

/** Section of every setting. */
export const configurationSection = 'ctMcqa';
