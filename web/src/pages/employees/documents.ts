import { graphql } from '@/gql';

export const ListEmployees = graphql(`
  query ListEmployees($search: String, $department: String, $title: String, $manager: String, $state: EmployeeState, $first: Int!, $after: String) {
    employees(search: $search, department: $department, title: $title, manager: $manager, state: $state, first: $first, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          fullName
          workEmail
          userId
          department
          title
          employmentType
          organization
          state
          startDate
          endDate
          roles
          managerName
          manager {
            id
            fullName
          }
          identities {
            id
          }
        }
      }
    }
  }
`);

export const EmployeeChoices = graphql(`
  query EmployeeChoices {
    entityFacets(filter: { type: [IDENTITY] }, by: [DEPARTMENT, JOB_TITLE, MANAGER]) {
      field
      buckets {
        value
        label
      }
    }
  }
`);
