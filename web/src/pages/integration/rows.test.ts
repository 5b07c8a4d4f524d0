import { expect, it } from 'vitest';
import { pairRows } from './rows';

it('has a row for each pair, and one for what was left out', () => {
  const entity = (id: string, total: number, ...targets: string[]) => ({ id, hasAccessTo: { totalCount: total, edges: targets.map((t) => ({ node: { id: t } })) } });
  const rows = pairRows([entity('ann', 2, 'x', 'y'), entity('bob', 5, 'x'), entity('cyd', 0)] as unknown as Parameters<typeof pairRows>[0]);
  expect(rows.map((r) => [r.key, r.more])).toEqual([['ann,x', 0], ['ann,y', 0], ['bob,x', 0], ['bob,…', 4]]);
});
