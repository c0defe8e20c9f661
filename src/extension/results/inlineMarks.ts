import * as vscode from 'vscode';
import { DisposableList } from '../disposables';
import { colorIds } from '../ids';
import { isQuestionDocument } from '../language/questionFiles';
import type { Services } from '../services';
import { onSettingChange, setting } from '../settings';
import { percent, type OutcomeKind } from './outcome';
import type { OutcomeFinder } from './visibleOutcomes';

interface Mark {
  /** A shape of its own, so that nothing hangs on the colour. */
  readonly sign: string;
  readonly color: string;
}

const marks: Readonly<Record<OutcomeKind, Mark>> = {
  correct: { sign: '✓', color: colorIds.correct },
  wrong: { sign: '✗', color: colorIds.wrong },
  stale: { sign: '↻', color: colorIds.stale },
  open: { sign: '•', color: colorIds.stale },
};

/** Lines beside the visible ones that are marked too, so that slow scrolling shows no gap. */
const margin = 30;
const updatePauseMs = 60;

/**
 * Shows each answered question's outcome where its line begins: lines are thousands of characters
 * long, and what stands at their end is never on the screen.
 */
export class InlineMarks {
  private readonly held = new DisposableList();
  private readonly timers = new Map<vscode.TextEditor, NodeJS.Timeout>();
  private readonly type = this.held.add(
    vscode.window.createTextEditorDecorationType({
      rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
    }),
  );

  constructor(
    private readonly services: Services,
    private readonly finder: OutcomeFinder,
  ) {
    const updateAll = (): void => {
      vscode.window.visibleTextEditors.forEach((editor) => {
        this.schedule(editor);
      });
    };
    for (const subscription of [
      services.predictions.onDidChange(updateAll),
      services.documents.onDidChangeSurroundings(updateAll),
      onSettingChange(['inlineResults'], updateAll),
      vscode.window.onDidChangeVisibleTextEditors(updateAll),
      vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => {
        this.schedule(textEditor);
      }),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        vscode.window.visibleTextEditors
          .filter((editor) => editor.document === document)
          .forEach((editor) => {
            this.schedule(editor);
          });
      }),
    ]) {
      this.held.add(subscription);
    }
    updateAll();
  }

  dispose(): void {
    for (const timer of this.timers.values()) {
      clearTimeout(timer);
    }
    this.held.dispose();
  }

  private schedule(editor: vscode.TextEditor): void {
    if (!isQuestionDocument(editor.document) || this.timers.has(editor)) {
      return;
    }
    const timer = setTimeout(() => {
      this.timers.delete(editor);
      this.update(editor).catch((error: unknown) => {
        this.services.log.error(error instanceof Error ? error : String(error));
      });
    }, updatePauseMs);
    this.timers.set(editor, timer);
  }

  private async update(editor: vscode.TextEditor): Promise<void> {
    const { document } = editor;
    const isShown = setting('inlineResults', document.uri);
    const decorations: vscode.DecorationOptions[] = [];
    for (const { start, end } of isShown ? editor.visibleRanges : []) {
      const first = Math.max(0, start.line - margin);
      for (const { line, outcome } of await this.finder.inLines(
        document,
        first,
        end.line + margin,
      )) {
        const { sign, color } = marks[outcome.kind];
        decorations.push({
          range: new vscode.Range(line, 0, line, 0),
          renderOptions: {
            before: {
              contentText: `${sign} ${percent(outcome.probability)}`,
              color: new vscode.ThemeColor(color),
              width: '7ch',
              fontWeight: 'bold',
            },
          },
        });
      }
    }
    editor.setDecorations(this.type, decorations);
  }
}
