// UPnP Internet Gateway Device: WANIPConnection 1 and 2, WANPPPConnection 1.
//
// Own code, since no library does what is needed here: @achingbrain/nat-port-mapper knows no PCP, fetches whatever address an answer names,
// without a bound, finds only gateways of version 2, and brings nine packages.
import { randomInt } from 'node:crypto';
import { formatIp, isIpv4, parseIp, type SocketAddress } from '../../core/base/ip.ts';
import { ask, type HttpAnswer } from './http.ts';
import { gatewayUrl, search } from './ssdp.ts';
import type { Grant, Link, Mapper, Timing } from './types.ts';
import { findAll, readXml, textOf, type XmlElement } from './xml.ts';

/** Best first. */
const SERVICES = [
  'urn:schemas-upnp-org:service:WANIPConnection:2',
  'urn:schemas-upnp-org:service:WANIPConnection:1',
  'urn:schemas-upnp-org:service:WANPPPConnection:1',
];
/** Connections of one gateway that are tried. */
const CONNECTIONS_MAX = 4;
const DESCRIPTION_MAX = 131_072;
const ANSWER_MAX = 16_384;
const LIFETIME_S = 7200;
/** A mapping without end is looked after as often as one with this lifetime. */
const WITHOUT_END = 0;
/** Further external ports that are tried when ours is another host's. */
const OTHER_PORTS = 3;
const DESCRIPTION = 'mcc';

const CONFLICT = '718';
const ONLY_WITHOUT_END = '725';

export interface Connection {
  readonly service: string;
  readonly control: URL;
}

/** What a gateway refused with: UPnP's code, or the status of HTTP. */
class UpnpError extends Error {
  readonly code: string;

  constructor(code: string) {
    super(`UPnP error ${code}`);
    this.code = code;
  }
}

/** Connections in a gateway's description, the best first. */
export function readDescription(source: string, url: URL, link: Link): Connection[] {
  const root = readXml(source);
  if (root === undefined) return [];
  const base = gatewayUrl(textOf(root, 'URLBase') ?? '', url, link.gateway) ?? url;
  const found = findAll(root, 'service').flatMap((element): Connection[] => {
    const service = textOf(element, 'serviceType') ?? '';
    const control = gatewayUrl(textOf(element, 'controlURL') ?? '', base, link.gateway);
    return control === undefined || !SERVICES.includes(service) ? [] : [{ service, control }];
  });
  return found
    .toSorted((a, b) => SERVICES.indexOf(a.service) - SERVICES.indexOf(b.service))
    .slice(0, CONNECTIONS_MAX);
}

/** `values` are our own words, numbers and addresses. */
export function soapRequest(
  service: string,
  action: string,
  values: Record<string, string | number>,
): string {
  const body = Object.entries(values).map(([name, value]) => `<${name}>${value}</${name}>`);
  return `<?xml version="1.0"?>\r\n<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body><u:${action} xmlns:u="${service}">${body.join('')}</u:${action}></s:Body></s:Envelope>\r\n`;
}

/** The body of the answer to `action`; throws an UpnpError for everything else. */
export function readSoapAnswer({ status, body }: HttpAnswer, action: string): XmlElement {
  const root = readXml(body);
  const answer = root === undefined ? undefined : findAll(root, `${action}Response`)[0];
  if (status === 200 && answer !== undefined) return answer;
  const code = textOf(root, 'errorCode');
  throw new UpnpError(code !== undefined && /^\d{3}$/.test(code) ? code : `HTTP ${status}`);
}

export interface UpnpOptions {
  readonly link: Link;
  readonly internalPort: number;
  readonly timing: Timing;
  /** UDP port of SSDP. */
  readonly port: number;
}

export class UpnpMapper implements Mapper {
  readonly protocol = 'upnp';
  readonly #options: UpnpOptions;
  #connections: readonly Connection[] = [];
  /** Where the mapping is. */
  #mapped: { readonly connection: Connection; readonly external: SocketAddress } | undefined;

  constructor(options: UpnpOptions) {
    this.#options = options;
  }

  async probe(signal: AbortSignal): Promise<void> {
    const { link, port, timing } = this.#options;
    const url = await search(link, port, timing.searchMs, signal);
    const { status, body } = await ask({
      url,
      local: link.local,
      method: 'GET',
      answerMax: DESCRIPTION_MAX,
      signal,
    });
    if (status !== 200) throw new UpnpError(`HTTP ${status}`);
    this.#connections = readDescription(body, url, link);
    if (this.#connections.length === 0) throw new Error('the gateway offers no connection');
  }

  async map(signal: AbortSignal): Promise<Grant> {
    let refusal: unknown;
    const known = this.#mapped === undefined ? [] : [this.#mapped.connection];
    for (const connection of [...known, ...this.#connections]) {
      try {
        const ip = await this.#externalIp(connection, signal);
        const { port, lifetimeS } = await this.#add(connection, signal);
        this.#mapped = { connection, external: { ip, port } };
        return { external: this.#mapped.external, lifetimeS };
      } catch (error) {
        signal.throwIfAborted();
        refusal = error;
      }
    }
    throw refusal;
  }

  /** UPnP has no epochs: the mapping is made again, which changes nothing where it stands. */
  async isKept(signal: AbortSignal): Promise<boolean> {
    const mapped = this.#mapped;
    if (mapped === undefined) return false;
    try {
      const ip = await this.#externalIp(mapped.connection, signal);
      if (formatIp(ip) !== formatIp(mapped.external.ip)) return false;
      const { port } = await this.#add(mapped.connection, signal);
      this.#mapped = { ...mapped, external: { ip, port } };
      return port === mapped.external.port;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof UpnpError) return false;
      // Many listen elsewhere after each start.
      await this.probe(signal);
      this.#mapped = { ...mapped, connection: this.#connections[0] };
      return false;
    }
  }

  async unmap(signal: AbortSignal): Promise<void> {
    if (this.#mapped === undefined) return;
    const { connection, external } = this.#mapped;
    this.#mapped = undefined;
    await this.#do(
      connection,
      'DeletePortMapping',
      { NewRemoteHost: '', NewExternalPort: external.port, NewProtocol: 'UDP' },
      signal,
    );
  }

  async #externalIp(connection: Connection, signal: AbortSignal) {
    const answer = await this.#do(connection, 'GetExternalIPAddress', {}, signal);
    const ip = parseIp(textOf(answer, 'NewExternalIPAddress') ?? '');
    if (ip === undefined || !isIpv4(ip)) throw new Error('the gateway has no external address');
    return ip;
  }

  async #add(
    connection: Connection,
    signal: AbortSignal,
  ): Promise<{ readonly port: number; readonly lifetimeS: number }> {
    const { internalPort } = this.#options;
    let port = this.#mapped?.external.port ?? internalPort;
    let lifetimeS = LIFETIME_S;
    for (let left = OTHER_PORTS; ; left--) {
      try {
        return { port: await this.#addOne(connection, port, lifetimeS, signal), lifetimeS };
      } catch (error) {
        const { code } = error as UpnpError;
        if (left === 0 || (code !== CONFLICT && code !== ONLY_WITHOUT_END)) throw error;
        if (code === ONLY_WITHOUT_END) lifetimeS = WITHOUT_END;
        else port = randomInt(1024, 65_536);
      }
    }
  }

  async #addOne(connection: Connection, port: number, lifetimeS: number, signal: AbortSignal) {
    const { internalPort, link } = this.#options;
    const values = {
      NewRemoteHost: '',
      NewExternalPort: port,
      NewProtocol: 'UDP',
      NewInternalPort: internalPort,
      NewInternalClient: formatIp(link.local),
      NewEnabled: 1,
      NewPortMappingDescription: DESCRIPTION,
      NewLeaseDuration: lifetimeS,
    };
    // A renewal must not become a second mapping.
    const isNew = this.#mapped === undefined && connection.service === SERVICES[0];
    if (!isNew) {
      await this.#do(connection, 'AddPortMapping', values, signal);
      return port;
    }
    const answer = await this.#do(connection, 'AddAnyPortMapping', values, signal);
    const reserved = textOf(answer, 'NewReservedPort') ?? '';
    if (!/^[1-9]\d{0,4}$/.test(reserved) || Number(reserved) > 65_535) throw new Error('no port is reserved');
    return Number(reserved);
  }

  async #do(
    { service, control }: Connection,
    action: string,
    values: Record<string, string | number>,
    signal: AbortSignal,
  ): Promise<XmlElement> {
    const answer = await ask({
      url: control,
      local: this.#options.link.local,
      method: 'POST',
      headers: { 'Content-Type': 'text/xml; charset="utf-8"', SOAPAction: `"${service}#${action}"` },
      body: soapRequest(service, action, values),
      answerMax: ANSWER_MAX,
      signal,
    });
    return readSoapAnswer(answer, action);
  }
}
