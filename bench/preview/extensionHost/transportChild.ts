/** The other end of `fromChild`: sends as many messages as it is told to. */
import type { Transfer } from '../agentProtocol';

process.on('message', ({ bytes, count }: Transfer) => {
  const piece = new Uint8Array(bytes).fill(7);
  const send = (left: number): void => {
    if (left > 0) {
      process.send?.(piece, () => {
        send(left - 1);
      });
    }
  };
  send(count);
});
process.send?.('ready');
