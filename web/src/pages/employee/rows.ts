import type { AccessRowFragment, EmployeeReachesQuery } from '@/gql/graphql';

type Target = EmployeeReachesQuery['entities']['edges'][number]['node'];

/** Something that a person reaches, and the identity with which. */
export interface ReachRow {
  key: string;
  target: Target;
  edge: AccessRowFragment;
}

/** What is reached as rows, one for each identity that reaches it. */
export const reachRows = (targets: readonly Target[]): ReachRow[] =>
  targets.flatMap((target) => target.accessibleBy.edges.map((edge) => ({ key: `${edge.node.id},${target.id}`, target, edge })));
