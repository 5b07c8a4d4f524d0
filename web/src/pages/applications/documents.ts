import { graphql } from '@/gql';

export const ListIntegrations = graphql(`
  query ListIntegrations {
    integrations {
      id
      name
      key
      description
      status
      message
      lastSync
      outOfSync
      createdAt
      extraction
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
