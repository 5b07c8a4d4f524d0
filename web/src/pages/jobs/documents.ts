import { graphql } from '@/gql';

export const JobsPage = graphql(`
  query JobsPage($kind: String, $state: JobState, $first: Int!, $after: String) {
    jobs(kind: $kind, state: $state, first: $first, after: $after) {
      edges {
        node {
          ...JobFields
          actor
          startedAt
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);
