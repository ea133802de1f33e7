// Who a service is shared with: what people say, the one text that is kept of it, and how it changes.
import { CodedError } from '../base/errors.ts';
import { isName } from '../base/name.ts';

/** Entries that one service may be shared with. */
export const SHARES_MAX = 32;
const TAG = 'tag:';

/** The own organisation reaches a service always, but where tags are asked for: then those of it that have one of them. */
export interface Share {
  /** `listed`: the organisations below; `all`: members of every organisation; `guests`: those and guests. */
  readonly reach: 'listed' | 'all' | 'guests';
  /** IDs as text; none but where `listed`. */
  readonly organisations: readonly string[];
  readonly tags: readonly string[];
}

/** Of a text as shareText() wrote it. */
export function parseShare(text: string): Share {
  const parts = text.split(',').filter((part) => part !== '');
  const tags = parts.filter((part) => part.startsWith(TAG)).map((part) => part.slice(TAG.length));
  if (parts.includes('guests')) return { reach: 'guests', organisations: [], tags };
  if (parts.includes('all')) return { reach: 'all', organisations: [], tags };
  return { reach: 'listed', organisations: parts.filter((part) => !part.startsWith(TAG)), tags };
}

export function shareText({ reach, organisations, tags }: Share): string {
  const others = reach === 'listed' ? organisations : [reach];
  return [...others, ...tags.map((tag) => TAG + tag)].join(',');
}

/**
 * What people say, one after the other: `own` (the whole own organisation), `all`, `guests`, `tag:NAME`, and organisations by name or
 * ID, of which `idOf` makes the ID as text. CodedError where one of them is none of these.
 */
export function shareParts(said: readonly string[], idOf: (organisation: string) => string): string[] {
  const parts = said.map((part) => part.trim()).filter((part) => part !== '');
  return parts.map((part) => {
    if (part === 'own' || part === 'all' || part === 'guests') return part;
    if (!part.startsWith(TAG)) return idOf(part);
    if (isName(part.slice(TAG.length))) return part;
    throw new CodedError('NAME_INVALID', `"${part}"`);
  });
}

/** More may use it; a first tag, though, leaves fewer of the own organisation. `parts` as shareParts() gives them. */
export function shareWith(share: Share, parts: readonly string[]): Share {
  const organisations = new Set(share.organisations);
  const tags = new Set(parts.includes('own') ? [] : share.tags);
  let { reach } = share;
  for (const part of parts) {
    if (part === 'guests' || (part === 'all' && reach === 'listed')) reach = part;
    else if (part.startsWith(TAG)) tags.add(part.slice(TAG.length));
    else if (part !== 'own' && part !== 'all') organisations.add(part);
  }
  if (parts.includes('own') && tags.size > 0)
    throw new CodedError('SHARE_INVALID', 'the whole own organisation, and those with a tag alone');
  if (reach !== 'listed' && tags.size > 0)
    throw new CodedError('SHARE_INVALID', `${reach} are more than those with a tag`);
  const after = { reach, organisations: reach === 'listed' ? [...organisations] : [], tags: [...tags] };
  if (after.organisations.length + after.tags.length > SHARES_MAX)
    throw new CodedError('NUMBER_INVALID', `${SHARES_MAX} organisations and tags at most`);
  return after;
}

/** Fewer may use it; without `parts` nobody but the own organisation. What it is not shared with makes no difference. */
export function unshareWith(share: Share, parts: readonly string[]): Share {
  const { tags } = share;
  if (parts.length === 0) return { reach: 'listed', organisations: [], tags };
  let { reach } = share;
  for (const part of parts) {
    if (part === 'own')
      throw new CodedError('SHARE_INVALID', 'the own organisation can only be narrowed by a tag');
    if (part.startsWith(TAG)) continue;
    if (part === reach) reach = 'listed';
    else if (reach !== 'listed' && part !== 'guests')
      throw new CodedError('SHARE_INVALID', `it is shared with ${reach}, which is to be taken back first`);
  }
  const kept = tags.filter((tag) => !parts.includes(TAG + tag));
  if (tags.length > 0 && kept.length === 0)
    throw new CodedError(
      'SHARE_INVALID',
      'without its last tag it would be open to the whole own organisation, which --share own says',
    );
  const organisations = share.organisations.filter((id) => !parts.includes(id));
  return { reach, organisations, tags: kept };
}
