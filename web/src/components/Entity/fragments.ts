import { graphql } from '@/gql';

/** What EntityLink and StatusBadge show. Spread it as ...EntityBrief; codegen finds it by its name. */
export const EntityBrief = graphql(`
  fragment EntityBrief on Entity {
    id
    name
    displayName
    type
    sourceType
    status
    integration {
      id
      name
    }
  }
`);
