import { findNodeAtOffset, getNodePath } from 'jsonc-parser';
import * as vscode from 'vscode';
import type { JsonLine } from '../../core/dataset/jsonl';
import type { McqRecord } from '../../core/dataset/record';
import { optionLetter } from '../../core/dataset/optionLetter';
import { messageOf } from '../../core/errors';
import { commandIds } from '../ids';
import { localisedError } from '../localised';
import { imageOf } from '../language/imageOf';
import type { Services } from '../services';
import { percent, type Outcome } from './outcome';
import type { OutcomeFinder } from './visibleOutcomes';

/** Says over an option what the model made of the question, and over an image path what the file is. */
export class QuestionHover implements vscode.HoverProvider {
  constructor(
    private readonly services: Services,
    private readonly finder: OutcomeFinder,
  ) {}

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.Hover | undefined> {
    const json = this.finder.parse(document.lineAt(position.line).text);
    const { record, tree } = json;
    const node = tree && findNodeAtOffset(tree, position.character);
    if (record === undefined || node === undefined) {
      return undefined;
    }
    const path = getNodePath(node);
    if (path[0] === 'image_path') {
      return this.hoverImage(document, position, json, record);
    }
    return path[0] === 'options' && typeof path[1] === 'number'
      ? this.hoverOption(document, position, json, path[1])
      : undefined;
  }

  private async hoverOption(
    document: vscode.TextDocument,
    { line }: vscode.Position,
    json: JsonLine,
    option: number,
  ): Promise<vscode.Hover | undefined> {
    const found = (await this.finder.inLines(document, line, line)).at(0);
    const answers = await this.services.predictions.answersFor(document);
    if (json.record === undefined || answers === undefined || found === undefined) {
      return undefined;
    }
    const text = outcomeTable(found.outcome, json.record, option, answers.run);
    return new vscode.Hover(text, rangeOf(line, json, ['options', option]));
  }

  private async hoverImage(
    document: vscode.TextDocument,
    { line }: vscode.Position,
    json: JsonLine,
    record: McqRecord,
  ): Promise<vscode.Hover | undefined> {
    const image = await imageOf(this.services, document, record.image_path);
    if (image === undefined || !/\.nii(\.gz)?$/i.test(image)) {
      return undefined;
    }
    const text = new vscode.MarkdownString();
    text.isTrusted = { enabledCommands: [commandIds.openPreview] };
    // Round brackets would end the link.
    const target = encodeURIComponent(JSON.stringify([vscode.Uri.file(image)]))
      .replaceAll('(', '%28')
      .replaceAll(')', '%29');
    text.appendMarkdown(
      `[${vscode.l10n.t('Open CT Preview')}](command:${commandIds.openPreview}?${target})`,
    );
    text.appendMarkdown('\n\n').appendText(await describeHeader(image));
    return new vscode.Hover(text, rangeOf(line, json, ['image_path']));
  }
}

/** One line of facts from the header, or why there are none. */
async function describeHeader(path: string): Promise<string> {
  try {
    const { readVolumeHeader } = await import('../../core/volume/read');
    const { shape, spacingMm, axcodes, dtype } = await readVolumeHeader(path);
    const spacing = spacingMm.map((mm) => mm.toFixed(2)).join(' × ');
    return `${shape.join(' × ')} · ${spacing} mm · ${axcodes} · ${dtype}`;
  } catch (error) {
    return messageOf(localisedError(error));
  }
}

function rangeOf(line: number, json: JsonLine, path: (string | number)[]): vscode.Range {
  const { start, end } = json.rangeOf(path);
  return new vscode.Range(line, start, line, end);
}

/** What the model chose, every option's probability, and the run it was. */
function outcomeTable(
  { kind, prediction }: Outcome,
  record: McqRecord,
  hovered: number,
  run: string,
): vscode.MarkdownString {
  const { l10n } = vscode;
  const chosen = optionLetter(prediction.predicted);
  const headline = {
    correct: l10n.t('✓ The model chose option {0}, which is true.', chosen),
    wrong: l10n.t('✗ The model chose option {0}, which is not true.', chosen),
    stale: l10n.t('↻ The model chose option {0}, but the question was changed since.', chosen),
    open: l10n.t('The model chose option {0}.', chosen),
  }[kind];
  const rows = prediction.probabilities.map((probability, index) => {
    const label = kind === 'stale' ? undefined : record.options.at(index)?.label;
    const notes = [
      ...(index === prediction.predicted ? [l10n.t('chosen')] : []),
      ...(label === 1 ? [l10n.t('true')] : []),
      ...(index === hovered ? [l10n.t('this option')] : []),
    ];
    const letter = optionLetter(index);
    const cells = [
      index === hovered ? `**${letter}**` : letter,
      percent(probability),
      bar(probability),
      notes.join(', '),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  const header = [l10n.t('Option'), l10n.t('Probability'), '', ''].join(' | ');
  const text = new vscode.MarkdownString(`**${headline}**\n\n`);
  text.appendMarkdown([`| ${header} |`, '|:-:|-:|:-|:-|', ...rows].join('\n'));
  text.appendMarkdown('\n\n').appendText(l10n.t('Run {0}', run));
  return text;
}

const barCells = 12;

/** A bar of text: hovers have no pictures of their own. */
function bar(probability: number): string {
  const filled = Math.round(probability * barCells);
  return `\`${'█'.repeat(filled)}${'·'.repeat(barCells - filled)}\``;
}
