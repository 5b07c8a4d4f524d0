// The example queries: a first visit to /graphiql opens each in a tab, the explorer lists them by
// group. A Go test runs each of them.
window.accessgraphExamples = [
  {
    group: 'Find',
    title: 'Identities and their access',
    description: 'Whom they belong to and what they reach',
    query: `# Who is here? Identities, whom they belong to, and what they reach.
query Identities($filter: EntityFilter, $first: Int = 20) {
  entities(filter: $filter, first: $first) {
    totalCount
    edges {
      node {
        id
        displayName
        status
        identityType
        employee { fullName department }
        hasAccessTo(first: 5) {
          totalCount
          edges { direct node { name type } permissions { name } providers { name } }
        }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
`,
    variables: '{ "filter": { "type": ["IDENTITY"] } }',
  },
  {
    group: 'Find',
    title: 'Who can do this?',
    description: 'Everything that reaches resources with a permission',
    query: `# Who can do this? Everything that reaches resources with a permission.
query WhoCan($permission: String = "admin") {
  entities(
    filter: { type: [IDENTITY], having: [{ entity: { type: [RESOURCE] }, permission: { eq: $permission } }] }
  ) {
    totalCount
    edges {
      node {
        displayName
        hasAccessTo(filter: { type: [RESOURCE] }, permission: { eq: $permission }) {
          edges { node { displayName } direct permissions { name value } pathCount }
        }
      }
    }
  }
}
`,
  },
  {
    group: 'Explain',
    title: 'How does it get there?',
    description: 'Every path from one entity to another',
    query: `# How? Every path from one entity to another. Copy two ids of the first example.
query Paths($from: ID!, $to: ID!) {
  accessPaths(from: $from, to: $to) {
    truncated
    paths {
      length
      entry { name }
      provider { name }
      steps { from { name } to { name } permissions { name value } }
    }
  }
}
`,
    variables: '{ "from": "", "to": "" }',
  },
  {
    group: 'Find',
    title: 'Through a group, without MFA',
    description: 'Nested filters, and counts by field',
    query: `# Through a group, without MFA: nested filters.
query Risky {
  entities(
    filter: {
      type: [IDENTITY]
      mfaEnabled: [FALSE, UNKNOWN]
      having: [{ entity: { type: [RESOURCE] }, via: { type: [CONNECTION] }, atLeast: 2 }]
    }
  ) {
    edges { node { displayName mfaEnabled lastLoginTime } }
  }
  entityFacets(filter: { type: [IDENTITY] }, by: [STATUS, MFA, IDENTITY_TYPE, DEPARTMENT]) {
    field
    buckets { label count }
  }
}
`,
  },
  {
    group: 'Check',
    title: 'What is loaded',
    description: 'Integrations, numbers, and what looks wrong',
    query: `# What is loaded, and what looks wrong in it.
query Overview {
  statistics { integrations employees identities connections resources unmappedIdentities }
  integrations {
    name
    application { name }
    status
    lastSync
    outOfSync
    owners { primary { fullName } }
    counts { identities connections resources }
  }
  dataQuality { kind message count entities { displayName } }
}
`,
  },
];
