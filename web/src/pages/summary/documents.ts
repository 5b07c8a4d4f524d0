import { graphql } from '@/gql';

export const SummaryStatistics = graphql(`
  query SummaryStatistics {
    statistics {
      applications
      integrations
      outOfSync
      identities
      connections
      resources
      employees
      employeeIdentities
      serviceAccounts
      unmappedIdentities
    }
  }
`);

export const SummaryQuality = graphql(`
  query SummaryQuality {
    dataQuality {
      kind
      message
      count
      filter
      entities {
        ...EntityBrief
      }
      integration {
        id
        name
      }
    }
  }
`);

export const SummaryImports = graphql(`
  query SummaryImports {
    importRuns(first: 6) {
      edges {
        node {
          id
          kind
          file
          state
          message
          startedAt
          finishedAt
          report
          integration {
            id
            name
          }
        }
      }
    }
  }
`);
