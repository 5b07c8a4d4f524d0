import type { EntityStatus } from '@/gql/schema';
import classes from './Entity.module.css';

type Tone = 'good' | 'warn' | 'bad' | 'plain' | 'accent';

const statuses: Record<EntityStatus, { label: string; tone: Tone }> = {
  ACTIVE: { label: 'Active', tone: 'good' },
  INACTIVE: { label: 'Inactive', tone: 'plain' },
  SUSPENDED: { label: 'Suspended', tone: 'warn' },
  LOCKED: { label: 'Locked', tone: 'warn' },
  DELETED: { label: 'Deleted', tone: 'bad' },
  UNKNOWN: { label: 'Unknown', tone: 'plain' },
};

/** The status that the source reports. */
export function StatusBadge({ status }: { status: EntityStatus }) {
  const { label, tone } = statuses[status];
  return <Badge tone={tone}>{label}</Badge>;
}

export interface BadgeProps {
  tone?: Tone;
  title?: string;
  children: React.ReactNode;
}

/** A short word in a tone. The word alone says everything; the colour only repeats it. */
export function Badge({ tone = 'plain', title, children }: BadgeProps) {
  return <span className={classes.badge} data-tone={tone} title={title}>{children}</span>;
}
