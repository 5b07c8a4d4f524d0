/** How many of a kind an import added, updated and removed. */
export interface Counts {
  added: number;
  updated: number;
  removed: number;
}

const number = (value: unknown) => (typeof value === 'number' ? value : 0);

function counts(value: unknown): Counts {
  const v = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  return { added: number(v['added']), updated: number(v['updated']), removed: number(v['removed']) };
}

const sections = ['entities', 'grants', 'employees', 'mappings', 'owners'] as const;

/** What the report of an import says; what it does not say is 0. */
export function readReport(report: unknown) {
  const r = (typeof report === 'object' && report !== null ? report : {}) as Record<string, unknown>;
  const changes = sections.map((what) => ({ what, ...counts(r[what]) })).filter((c) => c.added + c.updated + c.removed > 0);
  const errors = Array.isArray(r['errors']) ? r['errors'].length : 0;
  /** Whether who reaches what may have changed. */
  const access = changes.some((c) => c.what === 'entities' || c.what === 'grants');
  return { rows: number(r['rows']), changes, access, errors };
}
