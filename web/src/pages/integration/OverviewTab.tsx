import { Link } from 'react-router';
import { useQuery } from 'urql';
import { EntityLink } from '@/components/Entity';
import { ErrorState, LoadingState } from '@/components/States';
import type { IntegrationOverviewQuery } from '@/gql/graphql';
import { IntegrationOverviewDocument } from './documents';
import classes from './Integration.module.css';
import { charts, shareOf, type Chart } from './posture';

type Ranked = NonNullable<IntegrationOverviewQuery['integration']>['overview']['topConnections'];

/** An integration's access posture, drawn; each bar leads to what it counts. */
export function OverviewTab({ integration }: { integration: { id: string; name: string } }) {
  const [{ data, error, fetching }, again] = useQuery({ query: IntegrationOverviewDocument, variables: { id: integration.id } });
  if (error) return <ErrorState error={error} retry={() => again({ requestPolicy: 'network-only' })} />;
  if (fetching || !data?.integration) return <LoadingState label="Loading the overview" />;
  const o = data.integration.overview;
  return (
    <div className={classes.charts}>
      {charts(integration.name, o).map((c) => <Bars key={c.key} chart={c} />)}
      <Ranking title="Connections that most identities reach" ranked={o.topConnections} />
      <Ranking title="Resources that most identities reach" ranked={o.topResources} />
    </div>
  );
}

function Line({ share }: { share: number }) {
  return (
    <svg className={classes.bar} viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect width="100" height="8" /><rect data-part width={share} height="8" />
    </svg>
  );
}

function Bars({ chart }: { chart: Chart }) {
  return (
    <section className={classes.card} aria-label={chart.title}>
      <h2 className={classes.heading}>{chart.title}</h2>
      {chart.bars.length === 0 && <p className="ag-soft">None.</p>}
      <ul className={classes.bars}>
        {chart.bars.map((b) => (
          <li key={b.key}>
            <Link to={b.to} className={classes.barLink}>
              <span className={classes.barLabel}>{b.label}</span>
              <Line share={shareOf(b.count, chart.bars)} />
              <span className={classes.barCount}>{b.count.toLocaleString('en-US')}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Ranking({ title, ranked }: { title: string; ranked: Ranked }) {
  return (
    <section className={classes.card} aria-label={title}>
      <h2 className={classes.heading}>{title}</h2>
      {ranked.length === 0 && <p className="ag-soft">None.</p>}
      <ol className={classes.bars}>
        {ranked.map((r) => (
          <li key={r.entity.id} className={classes.ranked}>
            <EntityLink entity={r.entity} />
            <Line share={shareOf(r.count, ranked)} />
            <span className={classes.barCount}>{r.count.toLocaleString('en-US')}<span className="ag-hidden"> identities</span></span>
          </li>
        ))}
      </ol>
    </section>
  );
}
