/** Who reaches what in a consortium, as a table for people that a test holds to the wire. */
import { GUESTS, MEMBERS, type Name, ORGANISATIONS } from './consortium.ts';

/**
 * yes: the name is found, and it is reached by name and by address. no: the name is found, and the provider refuses. -: not even the
 * name is found, and the provider refuses at its own address. Members learn a refusal at once, guests meet silence.
 *
 * Each row but those of hosts is two services with the same port number: NAME with TCP and NAME-udp with UDP; `host` is a port of the
 * host that no service has, over both. `insiders` is served at 127.0.0.1, the others are ports of their hosts. Bravo and hotel bear the
 * tag ops, each of its organisation; nobody bears the tag board. Gina was admitted by alpha, gus by golf.
 */
const TABLE = `
                                                 acme           globex         initech         guests
provider  service      shared with            alpha  bravo   golf  hotel   india  juliet   gina  gus
alpha     bookkeeping  own                     yes    yes      -     -       -      -        -    -
alpha     orderbook    globex                  yes    yes     yes   yes      -      -        -    -
alpha     spareparts   globex,initech          yes    yes     yes   yes     yes    yes       -    -
alpha     wiki         all                     yes    yes     yes   yes     yes    yes      no   no
alpha     kiosk        guests                  yes    yes     yes   yes     yes    yes      yes  yes
alpha     strongroom   tag:ops                 yes    yes      -     -       -      -        -    -
alpha     boardroom    tag:board               yes    no       -     -       -      -        -    -
alpha     helpdesk     initech,tag:board       yes    no       -     -      yes    yes       -    -
alpha     insiders     globex                  yes    yes     yes   yes      -      -        -    -
alpha     host         own                     yes    yes     no    no      no     no       no   no
golf      stocktaking  own                      -      -      yes   yes      -      -        -    -
golf      strongroom   tag:ops                  -      -      yes   yes      -      -        -    -
golf      blueprints   initech                  -      -      yes   yes     yes    yes       -    -
golf      host         own                     no     no      yes   yes     no     no       no   no
juliet    mailboxes    own                      -      -       -     -      yes    yes       -    -
juliet    postoffice   acme                    yes    yes      -     -      yes    yes       -    -
juliet    fair         guests                  yes    yes     yes   yes     yes    yes      yes  yes
juliet    host         own                     no     no      no    no      yes    yes      no   no
`;

export type Mark = 'yes' | 'no' | '-';

export const ASKERS: readonly Name[] = [...MEMBERS, ...GUESTS];

/** One row. */
export interface Offer {
  provider: (typeof MEMBERS)[number];
  organisation: string;
  /** Of the service with TCP. */
  name: string;
  /** A port of the host that no service has. */
  isHost: boolean;
  /** At 127.0.0.1. */
  isInside: boolean;
  share: string[];
  port: number;
  marks: Readonly<Record<Name, Mark>>;
}

const FIRST_PORT = 7001;
const HEADING = 2;

export const OFFERS: readonly Offer[] = TABLE.trim()
  .split('\n')
  .slice(HEADING)
  .map((line, row) => {
    const [provider = '', name = '', share = '', ...marks] = line.trim().split(/\s+/);
    if (!isMember(provider) || marks.length !== ASKERS.length || !marks.every(isMark))
      throw new Error(`not a row: ${line}`);
    return {
      provider,
      organisation: ORGANISATIONS[provider],
      name,
      isHost: name === 'host',
      isInside: name === 'insiders',
      share: share.split(',').filter((part) => part !== 'own'),
      port: FIRST_PORT + row,
      marks: Object.fromEntries(ASKERS.map((asker, i) => [asker, marks[i]])) as Record<Name, Mark>,
    };
  });

function isMember(text: string): text is (typeof MEMBERS)[number] {
  return (MEMBERS as readonly string[]).includes(text);
}

function isMark(text: string): text is Mark {
  return text === 'yes' || text === 'no' || text === '-';
}
