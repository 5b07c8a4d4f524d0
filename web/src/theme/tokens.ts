// Every colour, distance and size of type that the explorer uses. Style sheets take them
// as CSS variables (--ag-…, written by theme.ts); drawings on a canvas take them from here.

export interface Palette {
  /** Behind everything. */
  bg: string;
  /** Cards, tables, bars. */
  surface: string;
  /** Table heads, code, the field of an input. */
  sunken: string;
  /** What the pointer is over. */
  hover: string;
  line: string;
  /** Borders of controls: at least 3:1 against the surfaces. */
  lineStrong: string;
  text: string;
  textSoft: string;
  accent: string;
  accentSoft: string;
  onAccent: string;
  focus: string;
  good: string;
  goodSoft: string;
  warn: string;
  warnSoft: string;
  bad: string;
  badSoft: string;
  /** Entities: told apart by people who see fewer colours (after Okabe and Ito), and by shape as well. */
  identity: string;
  identitySoft: string;
  connection: string;
  connectionSoft: string;
  resource: string;
  resourceSoft: string;
  insight: string;
  insightSoft: string;
  employee: string;
  employeeSoft: string;
  /** Access that came or went. */
  gained: string;
  lost: string;
}

export const light: Palette = {
  bg: '#f6f7f9', surface: '#ffffff', sunken: '#f0f2f5', hover: '#eceff3',
  line: '#dde1e7', lineStrong: '#808996',
  text: '#1b2129', textSoft: '#545d69',
  accent: '#3f4fb0', accentSoft: '#e9ebf8', onAccent: '#ffffff', focus: '#3f4fb0',
  good: '#17692f', goodSoft: '#e3f4e7', warn: '#7f5300', warnSoft: '#fdf2d8', bad: '#b3261e', badSoft: '#fdeceb',
  identity: '#0a5f9e', identitySoft: '#e3f0fa', connection: '#9a4a00', connectionSoft: '#fcefe2',
  resource: '#006b52', resourceSoft: '#e0f4ee', insight: '#9b2c6f', insightSoft: '#fae8f2',
  employee: '#4c5663', employeeSoft: '#eceff3',
  gained: '#17692f', lost: '#b3261e',
};

export const dark: Palette = {
  bg: '#13161b', surface: '#1a1e25', sunken: '#21262e', hover: '#272d37',
  line: '#2f3641', lineStrong: '#757f8d',
  text: '#e7eaef', textSoft: '#a6afbb',
  accent: '#aab4ff', accentSoft: '#2a3057', onAccent: '#13161b', focus: '#aab4ff',
  good: '#6bd088', goodSoft: '#183323', warn: '#eab64d', warnSoft: '#3a2e12', bad: '#ff958b', badSoft: '#43201e',
  identity: '#74b9f5', identitySoft: '#16304a', connection: '#f5a560', connectionSoft: '#41290f',
  resource: '#57d2ac', resourceSoft: '#0f382d', insight: '#f08fc4', insightSoft: '#431f35',
  employee: '#b3bcc8', employeeSoft: '#2a303a',
  gained: '#6bd088', lost: '#ff958b',
};

export const palettes = { light, dark };

/** Distances, in rem. */
export const space = { xxs: '0.125rem', xs: '0.25rem', sm: '0.5rem', md: '0.75rem', lg: '1rem', xl: '1.5rem', xxl: '2.5rem' } as const;

export const radius = { sm: '4px', md: '6px', lg: '10px' } as const;

export const type = {
  family: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  mono: 'ui-monospace, "Cascadia Mono", "SF Mono", Menlo, Consolas, monospace',
  xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem', xxl: '1.625rem',
} as const;

/** Sizes of the frame, in pixels. */
export const frame = { header: 52, nav: 216, sidebar: 408, row: 40 } as const;

/** Below this width, in pixels, the navigation is a drawer. */
export const narrow = 860;

const kebab = (name: string) => name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);

/** The variables of one palette: bg becomes --ag-bg, textSoft --ag-text-soft. */
export function paletteVariables(palette: Palette): Record<string, string> {
  return Object.fromEntries(Object.entries(palette).map(([name, value]) => [`--ag-${kebab(name)}`, value as string]));
}

/** The variables that are the same in both palettes. */
export function fixedVariables(): Record<string, string> {
  return {
    ...Object.fromEntries(Object.entries(space).map(([k, v]) => [`--ag-space-${k}`, v])),
    ...Object.fromEntries(Object.entries(radius).map(([k, v]) => [`--ag-radius-${k}`, v])),
    ...Object.fromEntries(Object.entries(type).map(([k, v]) => [`--ag-type-${k}`, v])),
    ...Object.fromEntries(Object.entries(frame).map(([k, v]) => [`--ag-frame-${k}`, `${v}px`])),
  };
}
