import { graphql } from '@/gql';

/** A row of a table of access: an entity at the other end, and how it is reached or reaches. */
export const AccessRowFragment = graphql(`
  fragment AccessRow on AccessEdge {
    direct
    permissions {
      name
      value
    }
    providers {
      ...EntityBrief
    }
    node {
      ...EntityBrief
      identityType
      mfaEnabled
      lastLoginTime
      employee {
        id
        fullName
      }
    }
  }
`);

export const PairChain = graphql(`
  query PairChain($from: ID!, $to: ID!, $asOf: Time) {
    accessPaths(from: $from, to: $to, first: 1, asOf: $asOf) {
      truncated
      paths {
        steps {
          from {
            id
            name
            type
          }
          to {
            id
            name
            type
          }
        }
      }
    }
  }
`);
