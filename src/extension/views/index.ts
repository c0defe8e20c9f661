export { registerPreview as registerViews } from './preview/register';
export { openRunPage, showRunFolder, type RunPageHandle } from './run/runPage';
export { showScores, type ScoresPanelHandle } from './scores/scoresPanel';
export { scoresView, type ResultSetting } from './scores/fromResult';
