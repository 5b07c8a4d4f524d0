import type { SideGrantFragment, SideRelationQuery } from '@/gql/graphql';

/** What makes a grant the same, now and in history. */
export const grantKey = (g: SideGrantFragment) => [g.source.id, g.target.id, g.permission, g.scope, g.from ?? '', g.to ?? ''].join('\n');

/**
 * The grants that bear on the access of one entity to another: those between two of the
 * entities on the paths, the ends among them; held ones in the order of the paths, then ended
 * ones, latest first.
 */
export function grantsOfRelation(data: SideRelationQuery, source: string, target: string): { held: SideGrantFragment[]; ended: SideGrantFragment[] } {
  const order = new Map<string, number>([[source, 0]]);
  for (const path of data.accessPaths.paths) {
    for (const [i, step] of path.steps.entries()) {
      if (!order.has(step.to.id)) order.set(step.to.id, i + 1);
    }
  }
  if (!order.has(target)) order.set(target, Number.MAX_SAFE_INTEGER);
  const on = (state: 'held' | 'ended') => {
    const found = new Map<string, SideGrantFragment>();
    for (const of of [data.ofSource, data.ofTarget]) {
      for (const { node } of of?.[state].edges ?? []) {
        if (order.has(node.source.id) && order.has(node.target.id)) found.set(grantKey(node), node);
      }
    }
    return [...found.values()];
  };
  const place = (g: SideGrantFragment) => order.get(g.source.id) ?? 0;
  return {
    held: on('held').sort((a, b) => place(a) - place(b)),
    ended: on('ended').sort((a, b) => (b.to ?? '').localeCompare(a.to ?? '')),
  };
}
