import { graphql } from '@/gql';

export const EntityFactsFragment = graphql(`
  fragment EntityFacts on Entity {
    ...EntityBrief
    sourceId
    project
    username
    email
    firstName
    lastName
    mfaEnabled
    lastLoginTime
    latestActivityTime
    lastPasswordChangedTime
    superAdmin
    administrative
    external
    locked
    serviceAccountReason
    identityType
    metadata
    labels
    stub
    firstSeen
    removedAt
    factors {
      name
      strength
    }
    employee {
      id
      fullName
    }
    mapping {
      relation
      origin
      reason
      at
    }
    insights {
      id
      name
      label
      since
      evidence
    }
    businessOwners {
      primary {
        id
        fullName
        workEmail
        title
      }
      secondaries {
        id
        fullName
        workEmail
        title
      }
    }
  }
`);
