import { graphql } from '@/gql';

export const CompareAccess = graphql(`
  query CompareAccess($from: Time!, $to: Time!, $filter: EntityFilter, $targetFilter: EntityFilter, $after: String) {
    accessChanges(from: $from, to: $to, filter: $filter, targetFilter: $targetFilter, first: 100, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        cursor
        node {
          kind
          identity {
            ...EntityBrief
          }
          target {
            ...EntityBrief
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
              ...EntityBrief
            }
            target {
              ...EntityBrief
            }
            permission
            value
            scope
            gained
            at
          }
        }
      }
    }
  }
`);
