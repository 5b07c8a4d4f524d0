import { expect, it } from 'vitest';
import { csvOf } from './csv';
import { facetKeys, facetOf, facetValue, passes, type Chosen, type IntegrationRow } from './facets';

const row = (name: string, app: string, owner: string, status: IntegrationRow['status'], outOfSync: boolean) => ({
  id: name, name, application: { id: app, name: app }, status, outOfSync, description: null,
  owners: { primary: owner ? { id: owner, fullName: owner.toUpperCase() } : null, secondaries: [] },
}) as unknown as IntegrationRow;

const rows = ['a', 'b', 'c'].flatMap((app) => ['x', ''].flatMap((owner) => (['CONNECTED', 'ERROR'] as const).map((s, i) => row(`${app} ${owner} ${s}`, app, owner, s, i === 0 && app === 'a'))));
const none: Chosen = { application: [], owner: [], status: [], sync: [] };

it('a count is how many rows there would be with that value alone in its field', () => {
  for (const chosen of [none, { ...none, application: ['a', 'b'], owner: [''] }, { ...none, status: ['ERROR'], sync: ['fine'] }]) {
    for (const key of facetKeys) {
      const buckets = facetOf(rows, key, chosen, 'r');
      for (const b of buckets) expect(b.count).toBe(rows.filter((r) => passes(r, { ...chosen, [key]: [b.value] }, 'r')).length);
      const listed = new Set(buckets.map((b) => b.value));
      for (const r of rows) if (!listed.has(facetValue[key](r).value)) expect(passes(r, { ...chosen, [key]: [] }, 'r')).toBe(false);
    }
  }
});

it('writes CSV that a spreadsheet opens without running anything', () => {
  expect(csvOf(['A', 'B'], [['=1+1', 'say "hi", twice'], [null, -3]])).toBe('A,B\r\n\'=1+1,"say ""hi"", twice"\r\n,-3\r\n');
});
