import { useQuery } from 'urql';
import { graphql } from '@/gql';
import { EntityIcon, EntityLink, kindLabels, StatusBadge } from '@/components/Entity';
import { EmptyState, ErrorState, LoadingState } from '@/components/States';
import { useAsOfVariable } from '@/hooks/useAsOf';
import classes from './Side.module.css';

const SideEntity = graphql(`
  query SideEntity($id: ID!, $asOf: Time) {
    entity(id: $id, asOf: $asOf) {
      ...EntityBrief
      sourceId
      project
      username
      email
      employee {
        id
        fullName
      }
    }
  }
`);

/** The facts of one entity. */
export default function EntitySide({ id }: { id: string }) {
  const [{ data, error, fetching }, again] = useQuery({ query: SideEntity, variables: { id, asOf: useAsOfVariable() } });
  if (error) return <ErrorState error={error} retry={() => again({ requestPolicy: 'network-only' })} />;
  if (fetching || !data) return <LoadingState label="Loading details" />;
  const e = data.entity;
  if (!e) return <EmptyState title="There is no such entity" hint="It may have been removed, or you may not see it." />;
  const facts: [string, React.ReactNode][] = [
    ['Type', `${kindLabels[e.type]}, ${e.sourceType}`],
    ['Status', <StatusBadge key="s" status={e.status} />],
    ['Integration', e.integration.name],
    ['Project', e.project],
    ['Source id', <code key="i">{e.sourceId}</code>],
    ['Username', e.username],
    ['E-mail', e.email],
    ['Employee', e.employee?.fullName],
  ];
  return (
    <div className={classes.side}>
      <h2 className={classes.title}><EntityIcon type={e.type} /> {e.name}</h2>
      <dl className={classes.facts}>
        {facts.filter(([, value]) => value !== null && value !== undefined && value !== '').map(([label, value]) => (
          <div key={label}><dt>{label}</dt><dd>{value}</dd></div>
        ))}
      </dl>
      <EntityLink entity={e} label="Open its page" />
    </div>
  );
}
