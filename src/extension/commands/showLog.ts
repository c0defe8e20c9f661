import type { Services } from '../services';

/** Opens the output channel. */
export function showLog({ log }: Services): Promise<void> {
  log.show();
  return Promise.resolve();
}
