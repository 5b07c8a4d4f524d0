import { graphql } from '@/gql';

export const PanelFacets = graphql(`
  query PanelFacets($filter: EntityFilter, $search: String, $by: [EntityField!]!, $asOf: Time) {
    entityFacets(filter: $filter, search: $search, by: $by, asOf: $asOf) {
      field
      buckets {
        value
        label
        count
      }
    }
  }
`);
