import { graphql } from '@/gql';

export const EmployeePageDocument = graphql(`
  query EmployeePage($id: ID!) {
    employee(id: $id) {
      id
      workEmail
      fullName
      userId
      sourceUserId
      department
      title
      startDate
      endDate
      state
      employmentType
      organization
      managerName
      managerEmail
      roles
      metadata
      manager {
        id
        fullName
      }
      reports(first: 50) {
        totalCount
        edges {
          node {
            id
            fullName
            title
            department
            state
          }
        }
      }
      identities {
        ...EntityBrief
        identityType
        mfaEnabled
        lastLoginTime
        mapping {
          relation
          origin
          reason
          at
        }
      }
    }
  }
`);

export const EmployeeReaches = graphql(`
  query EmployeeReaches($filter: EntityFilter!, $asOf: Time, $of: EntityFilter!, $reach: Reach!, $permission: StringMatch, $after: String) {
    entities(filter: $filter, asOf: $asOf, first: 50, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        cursor
        node {
          ...EntityBrief
          accessibleBy(filter: $of, reach: $reach, permission: $permission, first: 50) {
            totalCount
            edges {
              ...AccessRow
            }
          }
        }
      }
    }
  }
`);
