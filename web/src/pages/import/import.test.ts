import { describe, expect, it } from 'vitest';
import { jobPath, noChoices, previewPath, samples } from './preview';
import { byCode, issuesCsv, readReport, type FoundIssue } from './report';

const params = (path: string) => new URL(path, 'http://x').searchParams;
const choices = { ...noChoices, application: 'Git & Hub', integration: 'GitHub=1', mode: 'merge' as const, map: { 'Entity Name': 'Konto = x', 'Entity Type': '' }, defaults: { 'Entity Status': 'active' } };

describe('addresses of an import', () => {
  it('carry every choice, also those with = and &', () => {
    const p = params(previewPath('entitlements', true, choices));
    expect(p.get('partial')).toBe('true');
    expect(p.get('integration')).toBe('GitHub=1');
    expect(p.getAll('map')).toEqual(['Entity Name=Konto = x', 'Entity Type=']);
    expect(p.getAll('default')).toEqual(['Entity Status=active']);
  });
  it('import with the columns of the preview, and confirm only when asked to', () => {
    const preview = { map: { 'Entity Name': 'Konto' }, defaults: {} };
    const p = params(jobPath('entitlements', 'a b.csv', choices, preview, { dryRun: true, confirmRemovals: false }));
    expect(Object.fromEntries(p)).toEqual({ application: 'Git & Hub', integration: 'GitHub=1', mode: 'merge', dryRun: 'true', map: 'Entity Name=Konto', file: 'a b.csv' });
    expect(params(jobPath('entitlements', 'a', choices, preview, { dryRun: false, confirmRemovals: true })).get('confirmRemovals')).toBe('true');
  });
  it('have no integration where the kind knows none: the server refuses what it does not know', () => {
    const p = params(jobPath('employees', 'a.csv', choices, { map: {}, defaults: {} }, { dryRun: false, confirmRemovals: true }));
    expect([...p.keys()]).toEqual(['file']);
    expect(params(previewPath('owners', false, choices)).has('integration')).toBe(false);
  });
});

it('shows different values of a column, not empty ones', () => {
  const preview = { header: ['a', 'b'], rows: [['1', ''], ['1', 'x'], ['2', ' '], ['3'], ['4', 'y']] };
  expect(samples(preview, 'a')).toEqual(['1', '2', '3']);
  expect(samples(preview, 'b')).toEqual(['x', 'y']);
  expect(samples(preview, 'c')).toEqual([]);
});

describe('report', () => {
  it('has what changed, errors before warnings, and exact totals beyond the list', () => {
    const r = readReport({
      kind: 'entitlements', file: 'g.csv', dryRun: true, rows: 12, entities: { added: 1, updated: 0, removed: 2, unchanged: 3 }, grants: { added: 0, updated: 0, removed: 0, unchanged: 0 },
      warnings: [{ row: 2, column: 'c', code: 'W_STUB', message: 'm' }], errors: [{ row: 9, column: 'd', code: 'E_TYPE', message: 'n' }],
      warningCounts: { W_STUB: 20_000, W_X: 5 }, errorCounts: { E_TYPE: 1 }, omitted: 20_004,
    });
    expect(r?.changes).toEqual([{ what: 'entities', added: 1, updated: 0, removed: 2, unchanged: 3 }]);
    expect(r?.issues.map((i) => [i.level, i.row])).toEqual([['error', 9], ['warning', 2]]);
    expect([r?.errors, r?.warnings, r?.omitted, r?.dryRun]).toEqual([1, 20_005, 20_004, true]);
  });
  it('is null where there is none', () => {
    expect([readReport(null), readReport('x'), readReport({ name: 'export.csv' })]).toEqual([null, null, null]);
  });
});

const issue = (more: Partial<FoundIssue>): FoundIssue => ({ level: 'error', row: 1, column: 'c', code: 'E', message: 'm', ...more });

it('counts issues by code, most first', () => {
  expect(byCode([issue({ code: 'A' }), issue({ code: 'B' }), issue({ code: 'B' })])).toEqual([{ code: 'B', count: 2 }, { code: 'A', count: 1 }]);
});

it('writes issues as CSV that no spreadsheet takes for formulas', () => {
  const csv = issuesCsv([issue({ message: '"x", y\nz', column: '=HYPERLINK("http://x")' })]);
  expect(csv).toBe('Level,Row,Column,Code,Message\r\nerror,1,"\'=HYPERLINK(""http://x"")",E,"""x"", y\nz"\r\n');
});
