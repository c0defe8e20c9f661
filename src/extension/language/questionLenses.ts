import * as vscode from 'vscode';
import { JsonLine } from '../../core/dataset/jsonl';
import { commandIds, type CommandId } from '../ids';
import type { Services } from '../services';
import { onSettingChange, setting } from '../settings';
import { imageOf } from './imageOf';
import { isLongDocument } from './questionFiles';

/** What can be done with a question from above its line. */
const lenses: readonly {
  readonly title: () => string;
  readonly command: CommandId;
  /** `image`: the volume's file; `place`: the question file and the line (0-based). */
  readonly takes: 'image' | 'place';
}[] = [
  { title: () => vscode.l10n.t('Show Card'), command: commandIds.showQuestionCard, takes: 'place' },
  { title: () => vscode.l10n.t('Preview'), command: commandIds.openPreview, takes: 'image' },
  { title: () => vscode.l10n.t('Score'), command: commandIds.scoreReports, takes: 'image' },
];

class QuestionLens extends vscode.CodeLens {
  constructor(
    readonly document: vscode.TextDocument,
    readonly line: number,
    readonly row: (typeof lenses)[number],
  ) {
    super(new vscode.Range(line, 0, line, 0));
  }
}

/** Card, preview and scores above every question; worked out for those on the screen only. */
export class QuestionLenses implements vscode.CodeLensProvider<QuestionLens> {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(private readonly services: Services) {
    services.disposables.add(this.changed);
    services.disposables.add(
      onSettingChange(['questionLenses'], () => {
        this.changed.fire();
      }),
    );
  }

  provideCodeLenses(document: vscode.TextDocument): QuestionLens[] {
    if (!setting('questionLenses', document.uri) || isLongDocument(document)) {
      return [];
    }
    const lines = Array.from({ length: document.lineCount }, (_, line) => line);
    return lines
      .filter((line) => !document.lineAt(line).isEmptyOrWhitespace)
      .flatMap((line) => lenses.map((row) => new QuestionLens(document, line, row)));
  }

  async resolveCodeLens(lens: QuestionLens): Promise<QuestionLens> {
    const { document, line, row } = lens;
    const image = row.takes === 'image' ? await this.imageAt(document, line) : undefined;
    lens.command =
      row.takes === 'image' && image === undefined
        ? { title: row.title(), command: '', tooltip: vscode.l10n.t('The image is not there.') }
        : {
            title: row.title(),
            command: row.command,
            arguments: image === undefined ? [document.uri, line] : [image],
          };
    return lens;
  }

  private async imageAt(
    document: vscode.TextDocument,
    line: number,
  ): Promise<vscode.Uri | undefined> {
    const { record } = new JsonLine(document.lineAt(line).text);
    const path = record && (await imageOf(this.services, document, record.image_path));
    return path === undefined ? undefined : vscode.Uri.file(path);
  }
}
