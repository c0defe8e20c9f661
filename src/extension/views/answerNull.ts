import { showFailure } from '../failures';
import type { Services } from '../services';

/** An answer that is only done or failed; a failure is told to the user here. */
export function answerNull<P>(
  services: Pick<Services, 'log'>,
  act: (params: P) => PromiseLike<unknown>,
): (params: P) => Promise<null> {
  return async (params) => {
    try {
      await act(params);
    } catch (error) {
      showFailure(services.log, error);
    }
    return null;
  };
}
