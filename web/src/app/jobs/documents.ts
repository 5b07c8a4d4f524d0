import { graphql } from '@/gql';

export const JobFields = graphql(`
  fragment JobFields on Job {
    id
    kind
    state
    progress {
      done
      total
      stage
    }
    cancelRequested
    createdAt
    finishedAt
    result
    downloadUrl
    failure {
      code
      message
    }
  }
`);

export const RecentJobs = graphql(`
  query RecentJobs {
    jobs(first: 8) {
      edges {
        node {
          ...JobFields
        }
      }
    }
  }
`);

export const OneJob = graphql(`
  subscription OneJob($id: ID!) {
    jobProgress(id: $id) {
      ...JobFields
    }
  }
`);

export const CancelJob = graphql(`
  mutation CancelJob($id: ID!) {
    cancelJob(id: $id) {
      ...JobFields
    }
  }
`);
