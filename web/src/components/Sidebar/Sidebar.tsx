import { ActionIcon } from '@mantine/core';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { LoadingState } from '@/components/States';
import { Icon } from '@/components/icons';
import classes from './Sidebar.module.css';
import { useSidebar } from './useSidebar';

const EntitySide = lazy(() => import('./EntitySide'));
const RelationSide = lazy(() => import('./RelationSide'));

/**
 * The sidebar that every page can open (useSidebar). It does not cover the page on wide
 * screens, so that the next row can be looked at right away; Escape closes it and gives the
 * focus back.
 */
export function Sidebar() {
  const { side, close } = useSidebar();
  const panel = useRef<HTMLElement>(null);
  const before = useRef<Element | null>(null);
  const open = side !== null;
  useEffect(() => {
    if (!open) return;
    before.current = document.activeElement;
    panel.current?.focus({ preventScroll: true });
    return () => {
      if (before.current instanceof HTMLElement && before.current.isConnected) before.current.focus({ preventScroll: true });
    };
  }, [open]);
  if (!side) return null;
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape closes it, from wherever the focus is inside
    <aside ref={panel} className={classes.panel} aria-label="Details" tabIndex={-1}
      onKeyDown={(e) => { if (e.key === 'Escape' && !e.defaultPrevented) { e.preventDefault(); close(); } }}>
      <ActionIcon className={classes.close} variant="subtle" color="gray" aria-label="Close the details" onClick={close}>
        <Icon name="close" />
      </ActionIcon>
      <Suspense fallback={<LoadingState label="Loading details" />}>
        {side.kind === 'entity'
          ? <EntitySide key={side.id} id={side.id} />
          : <RelationSide key={`${side.source},${side.target}`} source={side.source} target={side.target} />}
      </Suspense>
    </aside>
  );
}
