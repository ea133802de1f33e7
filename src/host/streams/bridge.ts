// TLS is no affair of the packet port: its bytes go through here, chunk by chunk, to the other end of a stream's socket pair. It costs
// more than a plain connection, whose packets JavaScript never sees.
import { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { StreamPort } from './types.ts';

/** The number of the stream that ends with `tls`, and `tls` with it. Throws where no stream is to be had; `tls` is destroyed then. */
export function bridge(port: StreamPort, tls: TLSSocket): number {
  let pair: ReturnType<StreamPort['pairStream']>;
  try {
    pair = port.pairStream();
  } catch (error) {
    tls.destroy();
    throw error;
  }
  const inner = new Socket({ fd: pair.fd });
  for (const [one, other] of [
    [tls, inner],
    [inner, tls],
  ] as const) {
    one.on('error', () => other.destroy());
    one.on('close', () => other.destroy());
    one.pipe(other);
  }
  tls.setNoDelay(true);
  return pair.number;
}
