import { graphql } from '@/gql';

/** What a drawing says about an entity. */
export const GraphEntity = graphql(`
  fragment GraphEntity on Entity {
    id
    name
    type
    sourceType
    status
    superAdmin
    administrative
    external
    mfaEnabled
    insights {
      id
      label
    }
    integration {
      id
      name
    }
  }
`);

export const GraphEnds = graphql(`
  query GraphEnds($from: ID!, $hasFrom: Boolean!, $to: ID!, $hasTo: Boolean!, $asOf: Time) {
    from: entity(id: $from, asOf: $asOf) @include(if: $hasFrom) {
      ...GraphEntity
    }
    to: entity(id: $to, asOf: $asOf) @include(if: $hasTo) {
      ...GraphEntity
    }
  }
`);

export const GraphPair = graphql(`
  query GraphPair($from: ID!, $to: ID!, $asOf: Time) {
    accessPaths(from: $from, to: $to, first: 200, asOf: $asOf) {
      truncated
      paths {
        steps {
          from {
            ...GraphEntity
          }
          to {
            ...GraphEntity
          }
          permissions {
            name
            value
          }
        }
      }
    }
  }
`);

export const GraphReach = graphql(`
  query GraphReach($id: ID!, $after: String, $asOf: Time) {
    entity(id: $id, asOf: $asOf) {
      ...GraphEntity
      hasAccessTo(first: 500, after: $after) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        edges {
          direct
          permissions {
            name
            value
          }
          providers {
            id
          }
          node {
            ...GraphEntity
          }
        }
      }
    }
  }
`);

export const GraphReachedBy = graphql(`
  query GraphReachedBy($id: ID!, $after: String, $asOf: Time) {
    entity(id: $id, asOf: $asOf) {
      ...GraphEntity
      accessibleBy(first: 500, after: $after) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        edges {
          direct
          permissions {
            name
            value
          }
          providers {
            id
          }
          node {
            ...GraphEntity
          }
        }
      }
    }
  }
`);

/** Who is a direct member of which of these: what links those that reach something. */
export const GraphMembers = graphql(`
  query GraphMembers($ids: [ID!]!, $after: String, $asOf: Time) {
    entities(filter: { ids: $ids }, first: 25, after: $after, asOf: $asOf) {
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          accessibleBy(reach: DIRECT, first: 500) {
            totalCount
            edges {
              permissions {
                name
                value
              }
              providers {
                id
              }
              node {
                id
              }
            }
          }
        }
      }
    }
  }
`);

export const GraphFilter = graphql(`
  query GraphFilter($filter: EntityFilter, $target: EntityFilter, $asOf: Time) {
    explain(asOf: $asOf) {
      shortestPaths(filter: $filter, targetFilter: $target, first: 500) {
        truncated
        paths {
          steps {
            from {
              ...GraphEntity
            }
            to {
              ...GraphEntity
            }
            permissions {
              name
              value
            }
          }
        }
      }
    }
  }
`);

export const GraphExpand = graphql(`
  query GraphExpand($id: ID!, $asOf: Time) {
    entity(id: $id, asOf: $asOf) {
      id
      hasAccessTo(reach: DIRECT, first: 200) {
        totalCount
        edges {
          permissions {
            name
            value
          }
          providers {
            id
          }
          node {
            ...GraphEntity
          }
        }
      }
      accessibleBy(reach: DIRECT, first: 200) {
        totalCount
        edges {
          permissions {
            name
            value
          }
          providers {
            id
          }
          node {
            ...GraphEntity
          }
        }
      }
    }
  }
`);

export const GraphWhyNot = graphql(`
  query GraphWhyNot($from: ID!, $to: ID!, $permission: StringMatch, $order: MissingGrantOrder!, $asOf: Time) {
    explain(asOf: $asOf) {
      missingGrants(from: $from, to: $to, permission: $permission, order: $order, first: 10) {
        reached
        total
        others
        grants {
          source {
            ...GraphEntity
          }
          target {
            ...GraphEntity
          }
          permission {
            name
            value
          }
          gained
          others
          peers
        }
        ways {
          entry {
            ...GraphEntity
          }
          identities
          length
        }
      }
    }
  }
`);

export const GraphCut = graphql(`
  query GraphCut($from: [ID!]!, $to: [ID!]!, $permission: StringMatch, $nearTarget: Boolean!, $asOf: Time) {
    explain(asOf: $asOf) {
      minimumCut(from: $from, to: $to, permission: $permission, nearTarget: $nearTarget) {
        weight
        flow
        impossible
        proofTotal
        grants {
          source {
            ...GraphEntity
          }
          target {
            ...GraphEntity
          }
          permission
          value
          scope
        }
        proof {
          weight
          entities {
            id
            name
            type
          }
        }
      }
    }
  }
`);

export const GraphWhatIf = graphql(`
  query GraphWhatIf($changes: [AccessChangeInput!]!, $first: Int!) {
    simulate(changes: $changes) {
      accessDifference(first: $first) {
        totalCount
        edges {
          node {
            kind
            identity {
              ...GraphEntity
            }
            target {
              ...GraphEntity
            }
            permissionsGained {
              name
              value
            }
            permissionsLost {
              name
              value
            }
            causes {
              source {
                ...GraphEntity
              }
              target {
                ...GraphEntity
              }
              permission
              gained
            }
          }
        }
      }
    }
  }
`);

export const GraphFind = graphql(`
  query GraphFind($text: String!, $asOf: Time) {
    entities(search: $text, first: 20, asOf: $asOf) {
      edges {
        node {
          ...GraphEntity
        }
      }
    }
  }
`);
