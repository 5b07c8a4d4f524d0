import { formatTime } from '@/components/AsOfPicker';
import { Badge, EntityIcon } from '@/components/Entity';
import { EmployeeLink, EntityFacts, EntityMetadata } from '@/components/EntityFacts';
import { EmptyState } from '@/components/States';
import type { EntityFactsFragment } from '@/gql/graphql';
import type { FactorStrength } from '@/gql/schema';
import classes from './Entity.module.css';

const strengths: Record<FactorStrength, { label: string; tone: 'good' | 'warn' | 'bad' | 'plain' }> = {
  STRONG: { label: 'Strong', tone: 'good' }, MEDIUM: { label: 'Medium', tone: 'warn' }, WEAK: { label: 'Weak', tone: 'bad' }, UNKNOWN: { label: 'Strength unknown', tone: 'plain' },
};

/** The enrolled authentication factors. */
export function FactorsTab({ entity: e }: { entity: EntityFactsFragment }) {
  if (e.factors.length === 0) {
    return (
      <div className={classes.card}>
        <EmptyState icon="key" title="No factors are known"
          hint={e.mfaEnabled === true ? 'The source says that MFA is on, not by which factors.' : e.mfaEnabled === false ? 'The source says that MFA is off.' : 'The source says nothing about factors.'} />
      </div>
    );
  }
  return (
    <ul className={classes.list}>
      {e.factors.map((f) => <li key={f.name}><strong>{f.name}</strong><Badge tone={strengths[f.strength].tone}>{strengths[f.strength].label}</Badge></li>)}
    </ul>
  );
}

/** The insights that the entity carries, with their evidence. */
export function InsightsTab({ entity: e }: { entity: EntityFactsFragment }) {
  if (e.insights.length === 0) return <div className={classes.card}><EmptyState icon="insight" title="No insights" hint="Nothing stands out about it." /></div>;
  return (
    <ul className={classes.list}>
      {e.insights.map((i) => (
        <li key={i.id}>
          <EntityIcon type="INSIGHT" />
          <div className={classes.grow}>
            <strong>{i.label}</strong>
            {i.evidence && <p>{i.evidence}</p>}
          </div>
          {i.since && <span className="ag-soft">since {formatTime(i.since)}</span>}
        </li>
      ))}
    </ul>
  );
}

/** Who answers for a connection or resource. */
export function OwnersTab({ entity: e }: { entity: EntityFactsFragment }) {
  const { primary, secondaries } = e.businessOwners;
  const owners = [...(primary ? [{ ...primary, role: 'Primary' }] : []), ...secondaries.map((s) => ({ ...s, role: 'Secondary' }))];
  if (owners.length === 0) {
    return <div className={classes.card}><EmptyState icon="employee" title="Nobody answers for it" hint="Business owners can be set on the list of its type, or by importing a file of owners." /></div>;
  }
  return (
    <ul className={classes.list}>
      {owners.map((o) => (
        <li key={o.id}>
          <EntityIcon type="EMPLOYEE" />
          <div className={classes.grow}>
            <EmployeeLink employee={o} />
            <p className="ag-soft">{[o.title, o.workEmail].filter(Boolean).join(' · ')}</p>
          </div>
          <Badge tone={o.role === 'Primary' ? 'accent' : 'plain'}>{o.role}</Badge>
        </li>
      ))}
    </ul>
  );
}

/** All that is known of it. */
export function DetailsTab({ entity: e }: { entity: EntityFactsFragment }) {
  return (
    <div className={classes.columns}>
      <section className={classes.card}><h2 className={classes.heading}>Attributes</h2><EntityFacts entity={e} /></section>
      <section className={classes.card}><h2 className={classes.heading}>Metadata</h2><EntityMetadata metadata={e.metadata} /></section>
    </div>
  );
}
