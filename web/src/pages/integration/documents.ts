import { graphql } from '@/gql';

export const IntegrationPageDocument = graphql(`
  query IntegrationPage($id: ID!) {
    integration(id: $id) {
      id
      key
      name
      description
      extraction
      status
      message
      createdAt
      lastSync
      outOfSync
      application {
        id
        name
      }
      owners {
        primary {
          id
          fullName
        }
        secondaries {
          id
          fullName
        }
      }
      counts {
        identities
        connections
        resources
        withInsights
      }
    }
  }
`);

export const IntegrationOverviewDocument = graphql(`
  query IntegrationOverview($id: ID!) {
    integration(id: $id) {
      id
      overview {
        identitiesByType {
          value
          label
          count
        }
        identitiesByStatus {
          value
          label
          count
        }
        mfa {
          value
          label
          count
        }
        lastLogin {
          upTo30Days
          days31To90
          days91To180
          over180Days
          never
        }
        mapped
        unmapped
        topConnections {
          count
          entity {
            ...EntityBrief
          }
        }
        topResources {
          count
          entity {
            ...EntityBrief
          }
        }
        insights {
          value
          label
          count
        }
      }
    }
  }
`);

export const IntegrationEntities = graphql(`
  query IntegrationEntities($filter: EntityFilter!, $search: String, $asOf: Time, $orderBy: [EntityOrder!], $after: String) {
    entities(filter: $filter, search: $search, asOf: $asOf, orderBy: $orderBy, first: 100, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        cursor
        node {
          ...EntityBrief
          sourceId
          project
          identityType
          mfaEnabled
          lastLoginTime
          employee {
            id
            fullName
          }
        }
      }
    }
  }
`);

export const IntegrationAccess = graphql(`
  query IntegrationAccess($filter: EntityFilter!, $search: String, $asOf: Time, $reach: Reach!, $target: EntityFilter, $permission: StringMatch, $perEntity: Int!, $after: String) {
    entities(filter: $filter, search: $search, asOf: $asOf, first: 25, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        cursor
        node {
          ...EntityBrief
          hasAccessTo(reach: $reach, filter: $target, permission: $permission, first: $perEntity) {
            totalCount
            edges {
              ...AccessRow
            }
          }
        }
      }
    }
  }
`);
