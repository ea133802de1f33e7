// The answer to `mcc access`, in words.
import type { AccessView } from '../../core/node/types.ts';
import type { AccessAnswer } from '../api/types.ts';

export function accessAnswer(from: string, to: string, view: AccessView): AccessAnswer {
  const { isAllowed: allowed, reason, service, protocol, port } = view;
  return { from, to, allowed, reason, message: messageOf(view), service: service || null, protocol, port };
}

function messageOf({ reason, service, protocol, port, share, tags, asker }: AccessView): string {
  const what = service === '' ? `${protocol} port ${port} of this host` : `service ${service}`;
  const asked = share
    .split(',')
    .filter((part) => part.startsWith('tag:'))
    .join(' or ');
  switch (reason) {
    case 'self':
      return `programs of this host reach ${what} always`;
    case 'own':
      return `${what} is open to the whole own organisation`;
    case 'tag':
      return `${what} asks for ${asked}, and the certificate bears it`;
    case 'organisation':
      return `${what} is shared with that organisation`;
    case 'all':
      return `${what} is shared with members of every organisation`;
    case 'guests':
      return `${what} is shared with guests`;
    case 'closed':
      return service === ''
        ? `no service has ${protocol} port ${port} of this host, and only the own organisation reaches the rest of it`
        : `${what} does not serve ${protocol} port ${port}`;
    case 'notShared':
      return asker === 'guest'
        ? `${what} is not shared with guests`
        : `${what} is not shared with that organisation`;
    case 'noTag':
      return `${what} asks for ${asked}; the certificate bears ${tags.length === 0 ? 'no tag' : tags.join(', ')}`;
  }
}
