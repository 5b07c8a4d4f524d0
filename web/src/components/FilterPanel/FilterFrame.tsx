import { Button, CloseButton, Drawer } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useState, type ReactNode } from 'react';
import { Icon } from '@/components/icons';
import { useStored } from '@/hooks/useStored';
import { narrow } from '@/theme/tokens';
import classes from './FilterPanel.module.css';

export interface FilterFrameProps {
  /** The panel. */
  panel: ReactNode;
  /** How many restrictions there are. */
  count: number;
  /** Takes them all away. */
  onClear: () => void;
  /** Gets the button that shows and hides the panel. */
  children: (button: ReactNode) => ReactNode;
}

/** A panel of filters beside its list; over it, where there is little room. */
export function FilterFrame({ panel, count, onClear, children }: FilterFrameProps) {
  const isNarrow = useMediaQuery(`(max-width: ${narrow - 1}px)`, undefined, { getInitialValueInEffect: false });
  const [shown, setShown] = useStored('filters.shown', true);
  const [drawer, setDrawer] = useState(false);
  const open = isNarrow ? drawer : shown;
  const set = isNarrow ? setDrawer : setShown;
  const button = (
    <Button variant="default" size="sm" aria-expanded={open} onClick={() => set(!open)} leftSection={<Icon name="filter" size={16} />}>
      Filters{count > 0 && ` (${count})`}
    </Button>
  );
  const clear = <Button variant="subtle" size="compact-xs" disabled={count === 0} onClick={onClear}>Clear all</Button>;
  return (
    <div className={classes.frame}>
      {isNarrow ? (
        <Drawer opened={drawer} onClose={() => setDrawer(false)} title="Filters" size="min(22rem, 100%)">
          {panel}
          <div className={classes.drawerFoot}>{clear}<Button size="compact-sm" onClick={() => setDrawer(false)}>Show the list</Button></div>
        </Drawer>
      ) : shown && (
        <aside className={classes.side} aria-label="Filters">
          <div className={classes.sideHead}>
            <h2 className={classes.sideTitle}>Filters</h2>
            {clear}
            <CloseButton size="sm" aria-label="Hide the filters" onClick={() => setShown(false)} />
          </div>
          {panel}
        </aside>
      )}
      <div className={classes.main}>{children(button)}</div>
    </div>
  );
}
