import { useQuery } from 'urql';
import { graphql } from '@/gql';
import { Page } from '@/components/Page';
import { ErrorState, LoadingState } from '@/components/States';
import { Tile, Tiles } from './Tiles';

const Summary = graphql(`
  query Summary {
    statistics {
      applications
      integrations
      outOfSync
      identities
      connections
      resources
      employees
      employeeIdentities
      serviceAccounts
      unmappedIdentities
      graphVersion
    }
  }
`);

/** What there is, at a glance; each number leads to what it counts. */
export function SummaryPage() {
  const [{ data, error, fetching }, again] = useQuery({ query: Summary });
  return (
    <Page title="Summary">
      {error && <ErrorState error={error} retry={() => again({ requestPolicy: 'network-only' })} />}
      {!error && fetching && <LoadingState label="Loading the summary" />}
      {data && (
        <Tiles label="What is loaded">
          <Tile label="Applications" value={data.statistics.applications} to="/applications" />
          <Tile label="Identities" value={data.statistics.identities} to="/identities" kind="IDENTITY" />
          <Tile label="Connections" value={data.statistics.connections} to="/connections" kind="CONNECTION" />
          <Tile label="Resources" value={data.statistics.resources} to="/resources" kind="RESOURCE" />
          <Tile label="Employees" value={data.statistics.employees} to="/employees" kind="EMPLOYEE" />
        </Tiles>
      )}
    </Page>
  );
}
