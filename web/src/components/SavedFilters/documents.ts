import { graphql } from '@/gql';

export const SavedFilterBrief = graphql(`
  fragment SavedFilterBrief on SavedFilter {
    id
    name
    page
    filter
    search
    shared
    sentence
    mine
    editable
    createdBy
    createdAt
    updatedAt
    revision
  }
`);

export const SavedFilterList = graphql(`
  query SavedFilterList($page: FilterPage, $search: String) {
    savedFilters(page: $page, search: $search) {
      ...SavedFilterBrief
    }
  }
`);

export const SaveFilter = graphql(`
  mutation SaveFilter($input: SaveFilterInput!) {
    saveFilter(input: $input) {
      ...SavedFilterBrief
    }
  }
`);

export const FittedFilters = graphql(`
  query FittedFilters($to: FilterPage!) {
    savedFilters {
      ...SavedFilterBrief
      fitted(to: $to) {
        filter
        dropped
      }
    }
  }
`);
