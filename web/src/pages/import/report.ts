import type { Issue } from './preview';

export interface Counts {
  added: number;
  updated: number;
  removed: number;
  unchanged: number;
}

export interface FoundIssue extends Issue {
  level: 'error' | 'warning';
}

export interface Report {
  kind: string;
  file: string;
  /** The key of the integration. */
  integration: string;
  dryRun: boolean;
  rows: number;
  changes: (Counts & { what: string })[];
  /** Errors first, then warnings, each by row. */
  issues: FoundIssue[];
  errors: number;
  warnings: number;
  /** How many of them are not listed. */
  omitted: number;
}

type Fields = Record<string, unknown>;

const fields = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});
const number = (value: unknown) => (typeof value === 'number' ? value : 0);
const text = (value: unknown) => (typeof value === 'string' ? value : '');

const sections = ['entities', 'grants', 'employees', 'mappings', 'owners'] as const;

function issuesOf(value: unknown, level: FoundIssue['level']): FoundIssue[] {
  if (!Array.isArray(value)) return [];
  return value.map((v) => {
    const i = fields(v);
    return { level, row: number(i['row']), column: text(i['column']), code: text(i['code']), message: text(i['message']) };
  });
}

function total(counts: unknown, listed: number): number {
  return Math.max(listed, Object.values(fields(counts)).reduce<number>((sum, n) => sum + number(n), 0));
}

/** The report that a job has as its result; null where it has none. */
export function readReport(result: unknown): Report | null {
  const r = fields(result);
  if (!('rows' in r)) return null;
  const errors = issuesOf(r['errors'], 'error');
  const warnings = issuesOf(r['warnings'], 'warning');
  const changes = sections.filter((what) => typeof r[what] === 'object' && r[what] !== null).map((what) => {
    const c = fields(r[what]);
    return { what, added: number(c['added']), updated: number(c['updated']), removed: number(c['removed']), unchanged: number(c['unchanged']) };
  });
  return {
    kind: text(r['kind']), file: text(r['file']), integration: text(r['integration']), dryRun: r['dryRun'] === true, rows: number(r['rows']),
    // What a kind of file does not touch is all zero.
    changes: changes.filter((c) => c.added + c.updated + c.removed + c.unchanged > 0),
    issues: [...errors, ...warnings],
    errors: total(r['errorCounts'], errors.length), warnings: total(r['warningCounts'], warnings.length), omitted: number(r['omitted']),
  };
}

/** The codes of issues with how often each stands in the list, most first. */
export function byCode(issues: readonly FoundIssue[]): { code: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const i of issues) counts.set(i.code, (counts.get(i.code) ?? 0) + 1);
  return [...counts].map(([code, count]) => ({ code, count })).sort((a, b) => b.count - a.count || a.code.localeCompare(b.code));
}

// A cell that begins so is a formula to a spreadsheet: the messages quote what the file says.
const formula = /^[=+\-@\t\r]/;

function cell(value: string | number): string {
  const raw = String(value);
  const safe = typeof value === 'string' && formula.test(raw) ? `'${raw}` : raw;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Issues as a CSV file, RFC 4180. */
export function issuesCsv(issues: readonly FoundIssue[]): string {
  const lines = issues.map((i) => [i.level, i.row, i.column, i.code, i.message].map(cell).join(','));
  return `${['Level,Row,Column,Code,Message', ...lines].join('\r\n')}\r\n`;
}
