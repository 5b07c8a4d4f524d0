import { useMemo, useRef, useState } from 'react';
import type { EntityFilter, EntityType } from '@/gql/schema';
import { BuilderContext } from './context';
import { emit, keyAt, toFilter } from './emit';
import classes from './FilterBuilder.module.css';
import { GroupEditor } from './GroupEditor';
import type { Group } from './model';
import { parseGroup } from './parse';
import { placeOf } from './place';

export interface FilterBuilderProps {
  value: EntityFilter;
  /** Called at every change with what is filled in so far. */
  onChange: (filter: EntityFilter) => void;
  /** The page lists one type: the type is not asked again. */
  kind?: EntityType;
  /** What the server said to the filter: shown at the condition that it names. */
  error?: unknown;
}

const noType = ['type'] as const;

/**
 * Edits an EntityFilter, to any depth. It keeps what is not filled in yet to itself, and takes
 * over a value that is not one of those that it has given (a link, Back, a saved filter).
 */
export function FilterBuilder({ value, onChange, kind, error }: FilterBuilderProps) {
  const [root, setRoot] = useState<Group>(() => parseGroup(value));
  const text = JSON.stringify(value);
  const [seen, setSeen] = useState(text);
  // What was given and has not come back yet: the URL may be some changes behind.
  const [given, setGiven] = useState<string[]>([]);
  if (text !== seen) {
    setSeen(text);
    const at = given.indexOf(text);
    if (at >= 0) setGiven(given.slice(at + 1));
    else {
      setGiven([]);
      if (text !== JSON.stringify(toFilter(root))) setRoot(parseGroup(value));
    }
  }
  const added = useRef<string | null>(null);
  const placed = useMemo(() => (error ? placeOf(error) : undefined), [error]);
  const errorKey = useMemo(() => (placed?.place ? keyAt(emit(root).keys, placed.place) : undefined), [placed, root]);
  const message = placed?.message;
  const context = useMemo(() => ({ errorKey, message, added }), [errorKey, message]);
  const change = (next: Group) => {
    setRoot(next);
    const filter = toFilter(next);
    const now = JSON.stringify(filter);
    if (now === (given.at(-1) ?? text)) return; // only something that is not filled in yet
    setGiven([...given, now]);
    onChange(filter);
  };
  return (
    <BuilderContext value={context}>
      <div className={classes.builder} role="group" aria-label="Conditions">
        <GroupEditor group={root} onChange={change} {...(kind ? { without: noType } : {})} empty="No conditions yet: everything passes." />
        {placed?.place && !errorKey && <p className={classes.error} role="alert">{placed.message}</p>}
      </div>
    </BuilderContext>
  );
}
