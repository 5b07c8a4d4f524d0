// What the endpoints of an import take and answer; they are plain HTTP, not GraphQL.
import type { Kind } from './kinds';

export interface Issue {
  row: number;
  column: string;
  code: string;
  message: string;
}

export interface PreviewColumn {
  name: string;
  required: boolean;
  /** The file's column; empty = none. */
  header: string;
  how: 'SAME' | 'CHOSEN' | 'REMEMBERED' | 'SIMILAR' | 'ABSENT';
  default: string;
}

export interface Preview {
  header: string[];
  rows: string[][];
  columns: PreviewColumn[];
  map: Record<string, string>;
  defaults: Record<string, string>;
  unused: string[];
  problems: Issue[];
  ready: boolean;
}

export type Mode = 'snapshot' | 'merge';

/** What somebody has decided about a file. */
export interface Choices {
  application: string;
  integration: string;
  mode: Mode;
  /** Canonical name → the file's column; '' = not in the file. */
  map: Record<string, string>;
  defaults: Record<string, string>;
}

export const noChoices: Choices = { application: '', integration: '', mode: 'snapshot', map: {}, defaults: {} };

/** The beginning of a file that is enough to know its columns. */
export const previewBytes = 256 * 1024;

const base = (kind: Kind) => `/api/v1/imports/${kind}`;

function assign(to: URLSearchParams, name: string, values: Record<string, string>) {
  for (const [key, value] of Object.entries(values)) to.append(name, `${key}=${value}`);
}

/** Where the beginning of a file is looked at; partial when that is not the whole. */
export function previewPath(kind: Kind, partial: boolean, choices: Choices): string {
  const params = new URLSearchParams({ partial: String(partial) });
  if (kind === 'entitlements' && choices.integration) params.set('integration', choices.integration);
  assign(params, 'map', choices.map);
  assign(params, 'default', choices.defaults);
  return `${base(kind)}/preview?${params}`;
}

export interface RunOptions {
  dryRun: boolean;
  confirmRemovals: boolean;
}

/** Where a file is imported, with the columns of its preview. */
export function jobPath(kind: Kind, file: string, choices: Choices, preview: Pick<Preview, 'map' | 'defaults'>, run: RunOptions): string {
  const params = new URLSearchParams();
  if (kind === 'entitlements') {
    params.set('application', choices.application);
    params.set('integration', choices.integration);
    params.set('mode', choices.mode);
    if (run.confirmRemovals) params.set('confirmRemovals', 'true');
  }
  if (run.dryRun) params.set('dryRun', 'true');
  assign(params, 'map', preview.map);
  assign(params, 'default', preview.defaults);
  params.set('file', file);
  return `${base(kind)}/jobs?${params}`;
}

/** The first values of a column of the file that are not empty, without repeats. */
export function samples(preview: Pick<Preview, 'header' | 'rows'>, header: string, count = 3): string[] {
  const at = preview.header.indexOf(header);
  if (at < 0) return [];
  return [...new Set(preview.rows.map((r) => (r[at] ?? '').trim()).filter(Boolean))].slice(0, count);
}
