import { Button, Loader } from '@mantine/core';
import type { ReactNode } from 'react';
import { codeOf, messageOf } from '@/api/errors';
import { Icon, type IconName } from '@/components/icons';
import classes from './States.module.css';

export interface EmptyStateProps {
  title: string;
  /** What to do next, in a sentence. */
  hint?: ReactNode;
  /** A button or link that does it. */
  action?: ReactNode;
  icon?: IconName;
  /** Less room, for a panel or a card. */
  compact?: boolean;
}

/** Says that there is nothing here, and what to do about it. */
export function EmptyState({ title, hint, action, icon = 'search', compact = false }: EmptyStateProps) {
  return (
    <div className={classes.state} data-compact={compact || undefined}>
      <span className={classes.badge}><Icon name={icon} size={compact ? 18 : 24} /></span>
      <p className={classes.title}>{title}</p>
      {hint && <div className={classes.hint}>{hint}</div>}
      {action && <div className={classes.action}>{action}</div>}
    </div>
  );
}

export interface LoadingStateProps {
  /** What is being loaded, e.g. "Loading identities". */
  label?: string;
  compact?: boolean;
}

/** Says that something is on its way. It shows after a moment only, so that quick answers do not flicker. */
export function LoadingState({ label = 'Loading', compact = false }: LoadingStateProps) {
  return (
    <div className={classes.state} data-compact={compact || undefined} data-late role="status">
      <Loader size={compact ? 'xs' : 'sm'} aria-hidden="true" />
      <p className={classes.hint}>{label}…</p>
    </div>
  );
}

export interface ErrorStateProps {
  error: unknown;
  /** Tries again; left out where that cannot help. */
  retry?: () => void;
  /** What did not work, e.g. "The identities could not be loaded". */
  title?: string;
  compact?: boolean;
}

const titles: Record<string, string> = {
  FORBIDDEN: 'You may not see this',
  NOT_FOUND: 'There is no such thing',
  INVALID_INPUT: 'This cannot be asked so',
  LIMIT_EXCEEDED: 'This asks for too much at once',
  TIMEOUT: 'This took too long',
  UNAVAILABLE: 'This is not available at the moment',
  OFFLINE: 'No answer',
  CONFLICT: 'The data changed meanwhile',
};

/** Says what went wrong, plainly, and offers to try again. */
export function ErrorState({ error, retry, title, compact = false }: ErrorStateProps) {
  const code = codeOf(error);
  return (
    <div className={classes.state} data-compact={compact || undefined} data-kind="error" role="alert">
      <span className={classes.badge}><Icon name="alert" size={compact ? 18 : 24} /></span>
      <p className={classes.title}>{title ?? titles[code] ?? 'Something went wrong'}</p>
      <p className={classes.hint}>{messageOf(error)}</p>
      {retry && code !== 'FORBIDDEN' && (
        <div className={classes.action}>
          <Button variant="default" onClick={retry} leftSection={<Icon name="refresh" size={16} />}>Try again</Button>
        </div>
      )}
    </div>
  );
}
