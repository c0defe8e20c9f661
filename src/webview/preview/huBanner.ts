import { inWords } from '../../core/sentence';
import type { HuJudgement } from '../../core/volume/hu';
import type { RescaleChoice } from '../../core/volume/rescale';
import type { HuBannerStrings } from '../../protocol/huBanner';
import { button, element } from '../shared/dom';
import { fill } from '../shared/format';
import { offeredFixes } from './huFixes';

/**
 * Says that the values of a volume are no HU, or not all that HU could be, by which numbers that was
 * seen, and offers what may help; undefined where nothing is to be said.
 *
 * @param current the choice that the values were made with
 * @param onFix is told which choice the user takes for the workspace
 */
export function huBanner(
  judgement: HuJudgement,
  current: RescaleChoice,
  strings: HuBannerStrings,
  onFix: (choice: RescaleChoice) => void,
): HTMLElement | undefined {
  const { kind, source, note, reason, remedy } = judgement;
  if (kind === 'hounsfield') {
    return undefined;
  }
  const fixes = offeredFixes(judgement, current);
  const isDoubtful = source === 'uncertain';
  return element(
    'div',
    { class: `hu-banner ${isDoubtful ? 'warning' : 'note'}`, role: 'status' },
    element('strong', {}, strings.kinds[kind]),
    paragraph(note && inWords(note)),
    paragraph(reason && fill(strings.reason, inWords(reason))),
    paragraph(current === 'auto' ? undefined : strings.current[current]),
    paragraph(remedy && inWords(remedy.text)),
    fixes.length === 0
      ? undefined
      : element(
          'div',
          { class: 'fixes' },
          ...fixes.map((choice) =>
            button(
              { title: strings.fixHint, 'data-rescale': choice },
              () => {
                onFix(choice);
              },
              strings.fixes[choice],
            ),
          ),
        ),
  );
}

function paragraph(text: string | undefined): HTMLElement | undefined {
  return text === undefined || text === '' ? undefined : element('p', {}, text);
}
