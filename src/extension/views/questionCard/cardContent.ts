import { basename } from 'node:path';
import * as vscode from 'vscode';
import { questionId } from '../../../core/dataset/record';
import { soundRecord } from '../../../core/dataset/soundRecord';
import type { CardContent } from '../../../protocol/questionCard';
import { imageOf } from '../../language/imageOf';
import type { OutcomeFinder } from '../../results/visibleOutcomes';
import type { Services } from '../../services';
import { cardOption } from './cardOption';

/**
 * The question on a line as the card shows it.
 *
 * @param line 0-based.
 */
export async function cardContent(
  services: Services,
  finder: OutcomeFinder,
  document: vscode.TextDocument,
  line: number,
): Promise<CardContent> {
  const record = soundRecord(finder.parse(document.lineAt(line).text));
  if (record === undefined) {
    return {
      state: 'none',
      message: vscode.l10n.t('There is no question on line {0}.', line + 1),
      remedy: vscode.l10n.t('Put the cursor on another line, or go on to the next question.'),
    };
  }
  const surroundings = await services.documents.get(document)?.surroundings();
  const outcome = (await finder.inLines(document, line, line)).at(0)?.outcome;
  const answers = await services.predictions.answersFor(document);
  const found = await imageOf(services, document, record.image_path);
  const problem = surroundings?.problem;
  return {
    state: 'question',
    question: {
      id: questionId(record, line + 1),
      file: basename(document.uri.fsPath),
      line: line + 1,
      image: { path: record.image_path, ...(found !== undefined && { found }) },
      ...(record.mode && { mode: record.mode }),
      ...(record.metadata && { metadata: record.metadata }),
      findings: Object.entries(record.labels ?? {}).flatMap(([name, label]) =>
        label === 1 ? [name] : [],
      ),
      options: record.options.map((option, index) => {
        const { text, ref } = option;
        const shown =
          text ?? (ref === undefined ? ref : surroundings?.reports?.textOf(ref, record));
        return cardOption(option, index, shown, outcome?.prediction);
      }),
      ...(outcome && answers && { outcome: { kind: outcome.kind, run: answers.run } }),
      ...(problem !== undefined && { problem }),
    },
  };
}
