import { expect, it } from 'vitest';
import type { SideGrantFragment, SideRelationQuery } from '@/gql/graphql';
import { grantsOfRelation } from './relation';

const brief = (id: string) => ({ id, name: id, displayName: id, type: 'CONNECTION' as const, sourceType: 'group', status: 'ACTIVE' as const, integration: { id: 'i', name: 'I' } });
const grant = (source: string, target: string, to: string | null = null): SideGrantFragment => ({
  source: brief(source), target: brief(target), permission: 'member', value: 'true', counts: true, scope: '', project: '', lastUsed: null, metadata: null, from: null, to,
});
const list = (...grants: SideGrantFragment[]) => ({ edges: grants.map((node) => ({ node })) });
const step = (from: string, to: string) => ({ from: { id: from }, to: brief(to), permissions: [] });

it('keeps the grants between entities of the paths, each once, and the latest ended ones first', () => {
  const data = {
    source: null, target: null,
    accessPaths: { truncated: false, paths: [{ length: 2, steps: [step('ann', 'g'), step('g', 'db')] }] },
    ofSource: { id: 'ann', held: list(grant('ann', 'other'), grant('ann', 'g')), ended: list(grant('ann', 'db', '2026-01-01T00:00:00Z'), grant('ann', 'elsewhere', '2026-01-02T00:00:00Z')) },
    ofTarget: { id: 'db', held: list(grant('g', 'db'), grant('bob', 'db')), ended: list(grant('ann', 'db', '2026-01-01T00:00:00Z'), grant('g', 'db', '2026-02-01T00:00:00Z')) },
  } as SideRelationQuery;
  const { held, ended } = grantsOfRelation(data, 'ann', 'db');
  expect(held.map((g) => [g.source.id, g.target.id])).toEqual([['ann', 'g'], ['g', 'db']]);
  expect(ended.map((g) => [g.source.id, g.to])).toEqual([['g', '2026-02-01T00:00:00Z'], ['ann', '2026-01-01T00:00:00Z']]);
});

it('finds what a direct relation that ended was', () => {
  const data = {
    source: null, target: null, accessPaths: { truncated: false, paths: [] },
    ofSource: { id: 'ann', held: list(), ended: list(grant('ann', 'db', '2026-01-01T00:00:00Z')) }, ofTarget: null,
  } as unknown as SideRelationQuery;
  expect(grantsOfRelation(data, 'ann', 'db').ended).toHaveLength(1);
});
