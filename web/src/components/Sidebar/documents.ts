import { graphql } from '@/gql';

export const SideEntity = graphql(`
  query SideEntity($id: ID!, $asOf: Time, $all: Boolean!) {
    entity(id: $id, asOf: $asOf) {
      ...EntityFacts
      hasAccessTo(first: 5) {
        totalCount
      }
      accessibleBy(first: 5) {
        totalCount
      }
    }
    history: entity(id: $id) @include(if: $all) {
      id
      gone: grants(ended: true, direction: HAS_ACCESS_TO, first: 20) {
        totalCount
        edges {
          node {
            ...SideGrant
          }
        }
      }
      lost: grants(ended: true, direction: ACCESSIBLE_BY, first: 20) {
        totalCount
        edges {
          node {
            ...SideGrant
          }
        }
      }
    }
  }
`);

export const SideGrantFragment = graphql(`
  fragment SideGrant on Grant {
    source {
      ...EntityBrief
    }
    target {
      ...EntityBrief
    }
    permission
    value
    counts
    scope
    project
    lastUsed
    metadata
    from
    to
  }
`);

export const SideRelation = graphql(`
  query SideRelation($source: ID!, $target: ID!, $asOf: Time, $only: EntityFilter!, $all: Boolean!) {
    source: entity(id: $source, asOf: $asOf) {
      ...EntityBrief
      hasAccessTo(filter: $only, first: 1) {
        edges {
          direct
          pathCount
          pathsTruncated
          permissions {
            name
            value
          }
          providers {
            ...EntityBrief
          }
        }
      }
    }
    target: entity(id: $target, asOf: $asOf) {
      ...EntityBrief
    }
    accessPaths(from: $source, to: $target, first: 10, asOf: $asOf) {
      truncated
      paths {
        length
        steps {
          from {
            id
          }
          to {
            ...EntityBrief
          }
          permissions {
            name
            value
          }
        }
      }
    }
    ofSource: entity(id: $source) @include(if: $all) {
      id
      held: grants(direction: HAS_ACCESS_TO, first: 500) {
        edges {
          node {
            ...SideGrant
          }
        }
      }
      ended: grants(direction: HAS_ACCESS_TO, ended: true, first: 500) {
        edges {
          node {
            ...SideGrant
          }
        }
      }
    }
    ofTarget: entity(id: $target) @include(if: $all) {
      id
      held: grants(direction: ACCESSIBLE_BY, first: 500) {
        edges {
          node {
            ...SideGrant
          }
        }
      }
      ended: grants(direction: ACCESSIBLE_BY, ended: true, first: 500) {
        edges {
          node {
            ...SideGrant
          }
        }
      }
    }
  }
`);
