export { showBuildPage } from './build/buildPage';
export { registerPreview as registerViews } from './preview/register';
export { moveToQuestion, showQuestionCard } from './questionCard/cardPanel';
export { activePlace } from './questionCard/questionPlace';
export { openOverview } from './overview/overviewPanel';
export { openRunPage, showRunFolder, type RunPageHandle } from './run/runPage';
export { showScores, type ScoresPanelHandle } from './scores/scoresPanel';
export { scoresView, type ResultSetting } from './scores/fromResult';
