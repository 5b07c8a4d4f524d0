import { graphql } from '@/gql';

/** One page of entities. What costs a walk through the graph for every row is asked for only when its column is shown. */
export const ListEntities = graphql(`
  query ListEntities($filter: EntityFilter, $search: String, $orderBy: [EntityOrder!], $first: Int!, $after: String, $asOf: Time, $counted: Boolean!, $identities: Boolean!, $reached: Boolean!) {
    entities(filter: $filter, search: $search, orderBy: $orderBy, first: $first, after: $after, asOf: $asOf) {
      totalCount @include(if: $counted)
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          ...EntityBrief
          sourceId
          project
          username
          email
          mfaEnabled
          lastLoginTime
          latestActivityTime
          firstSeen
          identityType
          labels
          insights {
            id
            label
          }
          employee {
            id
            fullName
            department
            title
            employmentType
            managerName
            manager {
              id
              fullName
            }
          }
          businessOwners {
            primary {
              id
              fullName
            }
            secondaries {
              id
              fullName
            }
          }
          identities: accessibleBy(filter: { type: [IDENTITY] }, first: 1) @include(if: $identities) {
            totalCount
          }
          reached: hasAccessTo(first: 1) @include(if: $reached) {
            totalCount
          }
        }
      }
    }
  }
`);

export const MapIdentities = graphql(`
  mutation MapIdentities($input: MapIdentitiesInput!) {
    mapIdentities(input: $input) {
      entities {
        id
        employee {
          id
          fullName
        }
      }
    }
  }
`);

export const SetBusinessOwners = graphql(`
  mutation SetBusinessOwners($input: BusinessOwnersInput!) {
    setBusinessOwners(input: $input) {
      entities {
        id
      }
    }
  }
`);
