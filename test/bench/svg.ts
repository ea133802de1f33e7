// Charts over time as SVG: panels below each other with one axis of time, and bands behind them for what state something was in.

export interface Line {
  readonly name: string;
  readonly colour: string;
  /** Time and value, in order of time. */
  readonly points: readonly (readonly [number, number])[];
  readonly dashed?: boolean;
}

export interface Panel {
  readonly title: string;
  readonly lines: readonly Line[];
}

export interface Band {
  readonly from: number;
  readonly to: number;
  readonly name: string;
}

const WIDTH = 1100;
const LEFT = 70;
const RIGHT = 20;
const TOP = 74;
const PANEL = 190;
const GAP = 38;
const FONT = 'font-family="sans-serif" font-size="12"';
const TICKS = 5;

/** `colours`: of the bands, by name. Time in seconds. */
export function chart(
  title: string,
  panels: readonly Panel[],
  bands: readonly Band[],
  colours: Readonly<Record<string, string>>,
): string {
  const end = Math.max(
    0.001,
    ...panels.flatMap(({ lines }) => lines.map(({ points }) => points.at(-1)?.[0] ?? 0)),
  );
  const x = (at: number): number => LEFT + (at / end) * (WIDTH - LEFT - RIGHT);
  const height = TOP + panels.length * (PANEL + GAP) + 20;
  const out = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" ${FONT}>`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    text(LEFT, 22, title, 'font-size="16" font-weight="bold"'),
    ...legend(bands, colours),
  ];
  for (const [i, panel] of panels.entries()) {
    const top = TOP + i * (PANEL + GAP);
    out.push(...bandsOf(bands, colours, x, top), ...panelOf(panel, x, top, end));
  }
  out.push(text((WIDTH + LEFT) / 2, height - 6, 'seconds', 'text-anchor="middle"'), '</svg>');
  return `${out.join('\n')}\n`;
}

function legend(bands: readonly Band[], colours: Readonly<Record<string, string>>): string[] {
  const seen = new Set(bands.map(({ name }) => name));
  const names = Object.keys(colours).filter((name) => seen.has(name));
  return names.flatMap((name, i) => {
    const left = LEFT + i * 140;
    return [
      `<rect x="${left}" y="34" width="14" height="14" fill="${colours[name]}" stroke="#999"/>`,
      text(left + 20, 46, name),
    ];
  });
}

function bandsOf(
  bands: readonly Band[],
  colours: Readonly<Record<string, string>>,
  x: (at: number) => number,
  top: number,
): string[] {
  return bands.map(({ from, to, name }) => {
    const width = Math.max(0.5, x(to) - x(from));
    return `<rect x="${round(x(from))}" y="${top}" width="${round(width)}" height="${PANEL}" fill="${colours[name] ?? '#fff'}"/>`;
  });
}

function panelOf({ title, lines }: Panel, x: (at: number) => number, top: number, end: number): string[] {
  const highest = Math.max(1e-9, ...lines.flatMap(({ points }) => points.map(([, value]) => value)));
  const step = tick(highest);
  const max = Math.ceil(highest / step) * step;
  const y = (value: number): number => top + PANEL - (Math.min(value, max) / max) * PANEL;
  const out = [text(LEFT, top - 7, title, 'font-weight="bold"')];
  for (let value = 0; value <= max * 1.001; value += step) {
    out.push(`<path d="M${LEFT} ${round(y(value))}H${WIDTH - RIGHT}" stroke="#0003"/>`);
    out.push(text(LEFT - 6, y(value) + 4, label(value, step), 'text-anchor="end"'));
  }
  for (let at = 0; at <= end * 1.001; at += tick(end)) {
    out.push(`<path d="M${round(x(at))} ${top + PANEL}v4" stroke="#000"/>`);
    out.push(text(x(at), top + PANEL + 16, label(at, tick(end)), 'text-anchor="middle"'));
  }
  for (const [i, { name, colour, points, dashed }] of lines.entries()) {
    const path = points.map(([at, value]) => `${round(x(at))} ${round(y(value))}`).join('L');
    const style = dashed === true ? ' stroke-dasharray="6 4"' : '';
    if (points.length > 0)
      out.push(`<path d="M${path}" fill="none" stroke="${colour}" stroke-width="1.4"${style}/>`);
    const right = WIDTH - RIGHT - (lines.length - i) * 150;
    out.push(`<path d="M${right} ${top - 11}h22" stroke="${colour}" stroke-width="2"${style}/>`);
    out.push(text(right + 28, top - 7, name));
  }
  out.push(
    `<rect x="${LEFT}" y="${top}" width="${WIDTH - LEFT - RIGHT}" height="${PANEL}" fill="none" stroke="#000"/>`,
  );
  return out;
}

/** 1, 2 or 5 times a power of ten, for about TICKS of them. */
function tick(highest: number): number {
  const power = 10 ** Math.floor(Math.log10(highest / TICKS));
  const times = highest / TICKS / power;
  return power * (times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10);
}

function label(value: number, step: number): string {
  return value.toFixed(Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
}

function text(x: number, y: number, what: string, style = ''): string {
  const safe = what.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${round(x)}" y="${round(y)}" ${style}>${safe}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
