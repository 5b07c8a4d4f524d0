import { graphql } from '@/gql';

export const ImportIntegrations = graphql(`
  query ImportIntegrations {
    integrations {
      id
      key
      name
      application {
        id
        name
      }
    }
  }
`);

export const ImportJob = graphql(`
  subscription ImportJob($id: ID!) {
    jobProgress(id: $id) {
      ...JobFields
      startedAt
      failure {
        path
      }
    }
  }
`);
