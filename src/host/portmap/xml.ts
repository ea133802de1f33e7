// As much XML as descriptions and answers of UPnP gateways use, bounded before it is read: no entities but XML's own, no document
// type. A library knows more than a stranger's document should be able to ask for.

const ELEMENTS_MAX = 2000;
const DEPTH_MAX = 24;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

export interface XmlElement {
  /** Without its prefix. */
  readonly name: string;
  readonly children: XmlElement[];
  /** Of the element itself, trimmed. */
  text: string;
}

/** The root element; undefined for what is not well-formed or goes beyond the bounds. Linear in the length. */
export function readXml(source: string): XmlElement | undefined {
  const top: XmlElement = { name: '', children: [], text: '' };
  const open = [top];
  let elements = 0;
  let at = 0;
  for (let start = source.indexOf('<'); start >= 0; start = source.indexOf('<', at)) {
    const parent = open[open.length - 1];
    parent.text += decode(source.slice(at, start));
    const skipped = skip(source, start);
    if (skipped === undefined) return undefined;
    if (skipped.end > start) {
      parent.text += skipped.text;
      at = skipped.end;
      continue;
    }
    const end = source.indexOf('>', start);
    if (end < 0) return undefined;
    at = end + 1;
    const tag = source.slice(start + 1, end);
    const name = localName(tag.startsWith('/') ? tag.slice(1) : tag);
    if (name === undefined || ++elements > 2 * ELEMENTS_MAX) return undefined;
    if (tag.startsWith('/')) {
      if (open.length === 1 || parent.name !== name) return undefined;
      parent.text = parent.text.trim();
      open.pop();
      continue;
    }
    const element: XmlElement = { name, children: [], text: '' };
    parent.children.push(element);
    if (tag.endsWith('/')) continue;
    if (open.push(element) > DEPTH_MAX) return undefined;
  }
  return open.length === 1 && top.children.length === 1 ? top.children[0] : undefined;
}

/** Where a comment, an instruction or a text section ends, `start` for none of them; undefined: refused. */
function skip(source: string, start: number): { end: number; text: string } | undefined {
  for (const [from, to] of [
    ['<!--', '-->'],
    ['<?', '?>'],
    ['<![CDATA[', ']]>'],
  ]) {
    if (!source.startsWith(from, start)) continue;
    const end = source.indexOf(to, start + from.length);
    if (end < 0) return undefined;
    const text = from === '<![CDATA[' ? source.slice(start + from.length, end) : '';
    return { end: end + to.length, text };
  }
  return source.startsWith('<!', start) ? undefined : { end: start, text: '' };
}

function localName(tag: string): string | undefined {
  return /^(?:[A-Za-z_][\w.-]{0,63}:)?([A-Za-z_][\w.-]{0,63})(?=[\s/]|$)/.exec(tag)?.[1];
}

function decode(text: string): string {
  return text.replaceAll(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => ENTITIES[name] ?? '');
}

/** All elements of that name, the element itself included, in order. */
export function findAll(element: XmlElement, name: string): XmlElement[] {
  const found = element.name === name ? [element] : [];
  return [...found, ...element.children.flatMap((child) => findAll(child, name))];
}

/** Text of the first element of that name. */
export function textOf(element: XmlElement | undefined, name: string): string | undefined {
  return element === undefined ? undefined : findAll(element, name)[0]?.text;
}
