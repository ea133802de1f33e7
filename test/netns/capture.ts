/** What passes an interface, by tcpdump. */
import type { Host, Running } from './lab.ts';

/**
 * A filter for all but what neighbours on a wire tell each other, mcc's own words on the link (UDP port 9377) and its questions to
 * gateways (PCP, SSDP) among it.
 */
export const NO_NEIGHBOURS =
  'not arp and not igmp and not (udp port 9377 or 5351 or 1900) and not (src net fe80::/10) and not (dst net ff02::/16)';

export class Capture {
  readonly #running: Running;

  private constructor(running: Running) {
    this.#running = running;
  }

  /** `filter` is pcap's; `direction` is as the host sees it. */
  static async on(
    host: Host,
    device: string,
    filter = '',
    direction: 'in' | 'out' | 'inout' = 'inout',
  ): Promise<Capture> {
    const words = ['-n', '-l', '--immediate-mode', '-i', device, '-Q', direction];
    const running = host.start(['tcpdump', ...words, ...(filter === '' ? [] : [filter])]);
    await running.waitFor(/listening on/);
    return new Capture(running);
  }

  /** Resolves when a line matches, also an earlier one. */
  async sees(pattern: RegExp): Promise<void> {
    await this.#running.waitFor(pattern);
  }

  /** Ends it and returns its lines. */
  async lines(): Promise<string[]> {
    const { stdout } = await this.#running.stop('SIGINT');
    return stdout.split('\n').filter(Boolean);
  }
}
