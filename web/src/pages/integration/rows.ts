import type { AccessRowFragment, IntegrationAccessQuery } from '@/gql/graphql';

type Entity = IntegrationAccessQuery['entities']['edges'][number]['node'];

/** One row of who has access to what; without an edge: how many more there are of this entity. */
export interface PairRow {
  key: string;
  entity: Entity;
  edge: AccessRowFragment | null;
  more: number;
}

/** Entities with the first of what they reach as rows, one a pair, and one for the rest of each entity that has more. */
export function pairRows(entities: readonly Entity[]): PairRow[] {
  return entities.flatMap((entity) => {
    const { edges, totalCount } = entity.hasAccessTo;
    const rows: PairRow[] = edges.map((edge) => ({ key: `${entity.id},${edge.node.id}`, entity, edge, more: 0 }));
    if (totalCount > edges.length) rows.push({ key: `${entity.id},…`, entity, edge: null, more: totalCount - edges.length });
    return rows;
  });
}
