import { useQuery } from 'urql';
import { graphql } from '@/gql';
import { EntityLink, PermissionChips } from '@/components/Entity';
import { EmptyState, ErrorState, LoadingState } from '@/components/States';
import { useAsOfVariable } from '@/hooks/useAsOf';
import classes from './Side.module.css';

const SideRelation = graphql(`
  query SideRelation($source: ID!, $target: ID!, $asOf: Time) {
    source: entity(id: $source, asOf: $asOf) {
      ...EntityBrief
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
            ...EntityBrief
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
  }
`);

/** How one entity has access to another. */
export default function RelationSide({ source, target }: { source: string; target: string }) {
  const [{ data, error, fetching }, again] = useQuery({ query: SideRelation, variables: { source, target, asOf: useAsOfVariable() } });
  if (error) return <ErrorState error={error} retry={() => again({ requestPolicy: 'network-only' })} />;
  if (fetching || !data) return <LoadingState label="Loading details" />;
  if (!data.source || !data.target) return <EmptyState title="There is no such relation" hint="One of its ends may have been removed, or you may not see it." />;
  const { paths, truncated } = data.accessPaths;
  return (
    <div className={classes.side}>
      <h2 className={classes.title}>Access</h2>
      <p><EntityLink entity={data.source} /></p>
      <p><EntityLink entity={data.target} /></p>
      <h3 className={classes.heading}>Paths</h3>
      {paths.length === 0 && <p className="ag-soft">There is no access at this moment.</p>}
      <ol className={classes.paths}>
        {paths.map((path, i) => (
          <li key={i}>
            {path.steps.map((step) => (
              <div key={step.to.id} className={classes.step}>
                <EntityLink entity={step.to} />
                <PermissionChips permissions={step.permissions} />
              </div>
            ))}
          </li>
        ))}
      </ol>
      {truncated && <p className="ag-soft">There may be more paths than these.</p>}
    </div>
  );
}
