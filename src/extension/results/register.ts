import * as vscode from 'vscode';
import { languageId } from '../ids';
import type { Services } from '../services';
import { QuestionHover } from './hover';
import { InlineMarks } from './inlineMarks';
import { SummaryLens } from './summaryLens';
import { OutcomeFinder } from './visibleOutcomes';

/** Shows a run's answers on the questions they answer. */
export function registerResults(services: Services): void {
  const { disposables } = services;
  const finder = new OutcomeFinder(services);
  const questionFiles: vscode.DocumentSelector = { language: languageId, scheme: 'file' };
  disposables.add(new InlineMarks(services, finder));
  disposables.add(
    vscode.languages.registerHoverProvider(questionFiles, new QuestionHover(services, finder)),
  );
  disposables.add(
    vscode.languages.registerCodeLensProvider(questionFiles, new SummaryLens(services)),
  );
}
