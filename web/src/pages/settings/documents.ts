import { graphql } from '@/gql';

export const ServerSettings = graphql(`
  query ServerSettings {
    settings {
      tenantName
      timeZone
      outOfSyncHours
      pathLimits {
        maxDepth
        chains
      }
    }
  }
`);

export const KeyFields = graphql(`
  fragment KeyFields on ApiKey {
    id
    name
    role
    employee {
      id
      fullName
    }
    createdBy
    createdAt
    expiresAt
    revokedAt
    lastUsedAt
  }
`);

export const ApiKeys = graphql(`
  query ApiKeys {
    apiKeys {
      ...KeyFields
    }
  }
`);

export const CreateKey = graphql(`
  mutation CreateKey($input: CreateApiKeyInput!) {
    createApiKey(input: $input) {
      apiKey {
        ...KeyFields
      }
      token
    }
  }
`);

export const RevokeKey = graphql(`
  mutation RevokeKey($id: ID!) {
    revokeApiKey(id: $id) {
      ...KeyFields
    }
  }
`);
