import { graphql } from '@/gql';

export const EntityPageDocument = graphql(`
  query EntityPage($id: ID!, $asOf: Time) {
    entity(id: $id, asOf: $asOf) {
      ...EntityFacts
    }
  }
`);

export const EntityReaches = graphql(`
  query EntityReaches($id: ID!, $asOf: Time, $reach: Reach!, $filter: EntityFilter, $permission: StringMatch, $after: String) {
    entity(id: $id, asOf: $asOf) {
      id
      hasAccessTo(reach: $reach, filter: $filter, permission: $permission, first: 100, after: $after) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        edges {
          ...AccessRow
        }
      }
    }
  }
`);

export const EntityReachedBy = graphql(`
  query EntityReachedBy($id: ID!, $asOf: Time, $reach: Reach!, $filter: EntityFilter, $permission: StringMatch, $after: String) {
    entity(id: $id, asOf: $asOf) {
      id
      accessibleBy(reach: $reach, filter: $filter, permission: $permission, first: 100, after: $after) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        edges {
          ...AccessRow
        }
      }
    }
  }
`);

export const EntityGrants = graphql(`
  query EntityGrants($id: ID!, $direction: HavingDirection!, $ended: Boolean!, $after: String) {
    entity(id: $id) {
      id
      grants(direction: $direction, ended: $ended, first: 100, after: $after) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        edges {
          cursor
          node {
            ...SideGrant
          }
        }
      }
    }
  }
`);
