import * as vscode from 'vscode';
import { UserError } from '../../core/errors';
import { isCancellation } from '../failures';
import { signalOf } from '../longWork';
import type { Services } from '../services';
import { resolveInWorkspace } from './workspacePath';

/** More text than this would crowd out the conversation, characters. */
const longestAnswer = 12_000;

/**
 * A tool that language models may call. What the model or the user can mend comes back as text;
 * anything else is a bug and is thrown, as is a cancellation.
 */
export abstract class Tool<Input> implements vscode.LanguageModelTool<Input> {
  constructor(protected readonly services: Services) {}

  /** What the tool is about to do, asked of the user. */
  protected abstract question(input: Input): { readonly title: string; readonly message: string };

  /** The answer, for a model to read. Throws UserError for what the model can mend. */
  protected abstract answer(input: Input, signal: AbortSignal): Promise<string>;

  prepareInvocation({
    input,
  }: vscode.LanguageModelToolInvocationPrepareOptions<Input>): vscode.PreparedToolInvocation {
    const { title, message } = this.question(input);
    return {
      invocationMessage: title,
      // Plain text: what the model passed must not be rendered.
      confirmationMessages: { title, message: new vscode.MarkdownString().appendText(message) },
    };
  }

  async invoke(
    { input }: vscode.LanguageModelToolInvocationOptions<Input>,
    token: vscode.CancellationToken,
  ): Promise<vscode.LanguageModelToolResult> {
    try {
      return textResult(bounded(await this.answer(input, signalOf(token))));
    } catch (error) {
      if (isCancellation(error)) {
        throw new vscode.CancellationError();
      }
      if (error instanceof UserError) {
        this.services.log.info(`tool: ${error.code}: ${error.message}`);
        return textResult(`Error (${error.code}): ${error.message} ${error.remedy}`);
      }
      throw error;
    }
  }

  /** A file of the workspace; see {@link resolveInWorkspace}. */
  protected file(given: unknown, endings: readonly string[]): vscode.Uri {
    const folders = (vscode.workspace.workspaceFolders ?? [])
      .filter(({ uri }) => uri.scheme === 'file')
      .map(({ uri }) => uri.fsPath);
    return vscode.Uri.file(resolveInWorkspace(given, folders, endings));
  }
}

/** A number within limits, or the usual one where the model passed none. */
export function limited(given: unknown, usual: number, most: number): number {
  return typeof given === 'number' && Number.isFinite(given)
    ? Math.min(most, Math.max(1, Math.round(given)))
    : usual;
}

/** The beginning of a text that is too long, marked as such. */
export function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

function bounded(text: string): string {
  return text.length <= longestAnswer
    ? text
    : `${text.slice(0, longestAnswer)}\n(cut: the answer is ${text.length} characters long)`;
}

function textResult(text: string): vscode.LanguageModelToolResult {
  return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
}
