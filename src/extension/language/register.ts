import * as vscode from 'vscode';
import { languageId } from '../ids';
import type { Services } from '../services';
import { QuestionCompletion } from './completion';
import { QuestionDefinitions } from './definitions';
import { FieldHover } from './fieldHover';
import { PatientFolding } from './folding';
import { QuestionLenses } from './questionLenses';
import { QuickFixes } from './quickFixes';
import { QuestionRename } from './rename';
import { QuestionSymbols } from './symbols';

/** What the editor knows of question files beside their answers. */
export function registerLanguage(services: Services): void {
  const files: vscode.DocumentSelector = { language: languageId, scheme: 'file' };
  const { languages } = vscode;
  const registrations = [
    languages.registerCompletionItemProvider(
      files,
      new QuestionCompletion(services),
      ...QuestionCompletion.triggers,
    ),
    languages.registerHoverProvider(files, new FieldHover()),
    languages.registerDocumentSymbolProvider(files, new QuestionSymbols()),
    languages.registerFoldingRangeProvider(files, new PatientFolding()),
    languages.registerDefinitionProvider(files, new QuestionDefinitions(services)),
    languages.registerRenameProvider(files, new QuestionRename()),
    languages.registerCodeLensProvider(files, new QuestionLenses(services)),
    languages.registerCodeActionsProvider(files, new QuickFixes(services.lint), {
      providedCodeActionKinds: QuickFixes.kinds,
    }),
  ];
  registrations.forEach((each) => services.disposables.add(each));
}
