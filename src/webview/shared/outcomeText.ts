import type { CardOutcome, OutcomeStrings } from '../../protocol/questionCard';
import { fill } from './format';

/** "Answered right · Run first", or that no run has answered. */
export function outcomeText(outcome: CardOutcome | undefined, strings: OutcomeStrings): string {
  return outcome === undefined
    ? strings.unanswered
    : `${strings.outcomes[outcome.kind]} · ${fill(strings.run, outcome.run)}`;
}
