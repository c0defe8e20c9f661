import type { TrainStep, ValidationStep } from '../../core/run';
import type { RunStrings } from '../../protocol/run';
import { dataTable } from '../shared/dataTable';
import { fixed, percent } from '../shared/format';

/** More rows than this help nobody; of a longer run every n-th step is listed. */
const mostRows = 500;

/** The curves in words. */
export function stepsTable(
  steps: readonly TrainStep[],
  validations: readonly ValidationStep[],
  strings: RunStrings,
): HTMLTableElement {
  const stride = Math.max(1, Math.ceil(steps.length / mostRows));
  const rows = [
    ...steps.filter((_, i) => i % stride === 0 || i === steps.length - 1),
    ...validations.map((step) => ({ ...step, isValidation: true as const })),
  ].sort((a, b) => a.step - b.step || Number('isValidation' in a) - Number('isValidation' in b));
  return dataTable(
    [strings.step, strings.epoch, strings.part, strings.loss, strings.accuracy],
    rows.map((row) => {
      const isValidation = 'isValidation' in row;
      return {
        cells: [
          String(row.step),
          String(row.epoch),
          isValidation ? strings.validation : strings.training,
          fixed(row.loss, 4),
          percent(row.accuracy),
        ],
        ...(isValidation && { class: 'validation' }),
      };
    }),
  );
}
