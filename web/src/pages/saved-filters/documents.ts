import { graphql } from '@/gql';

export const RenameSavedFilter = graphql(`
  mutation RenameSavedFilter($id: ID!, $name: String!, $revision: Int64) {
    renameSavedFilter(id: $id, name: $name, revision: $revision) {
      ...SavedFilterBrief
    }
  }
`);

export const DeleteSavedFilter = graphql(`
  mutation DeleteSavedFilter($id: ID!, $revision: Int64) {
    deleteSavedFilter(id: $id, revision: $revision)
  }
`);

export const FittedSavedFilter = graphql(`
  query FittedSavedFilter($id: ID!, $to: FilterPage!) {
    savedFilter(id: $id) {
      id
      fitted(to: $to) {
        filter
        dropped
      }
    }
  }
`);
