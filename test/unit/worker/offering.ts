import type { VoxelAddress } from '../../../src/protocol/messages';

/** The signal of work that nobody stops. */
export const never = new AbortController().signal;

export function urlOf({ port, token }: VoxelAddress): string {
  return `http://127.0.0.1:${port}/${token}`;
}

/** What is offered by `serve`: where, and whether all of it was sent in the end. */
export function offering(serve: (onAddress: (address: VoxelAddress) => void) => Promise<boolean>): {
  readonly address: Promise<string>;
  readonly sent: Promise<boolean>;
} {
  let tell: (url: string) => void = () => undefined;
  const address = new Promise<string>((resolve) => {
    tell = resolve;
  });
  const sent = serve((found) => {
    tell(urlOf(found));
  });
  // A test that waits for it hears of it.
  sent.catch(() => undefined);
  return { address, sent };
}
