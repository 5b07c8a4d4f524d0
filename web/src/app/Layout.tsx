import { ActionIcon, Drawer, Tooltip } from '@mantine/core';
import { useHotkeys, useMediaQuery } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import { Link, Outlet, useLocation, useNavigation } from 'react-router';
import { Icon } from '@/components/icons';
import { Sidebar } from '@/components/Sidebar';
import { narrow } from '@/theme/tokens';
import { Account } from './Account';
import { Brand } from './Brand';
import { ErrorBoundary } from './ErrorBoundary';
import { JobsTray } from './jobs';
import classes from './Layout.module.css';
import { Nav } from './Nav';
import { CommandPalette } from './search/CommandPalette';
import { GlobalSearch } from './search/GlobalSearch';
import { ThemeSwitch } from './ThemeSwitch';

/** The frame around every page. */
export function Layout() {
  const isNarrow = useMediaQuery(`(max-width: ${narrow - 1}px)`, undefined, { getInitialValueInEffect: false });
  const [drawer, setDrawer] = useState(false);
  const [palette, setPalette] = useState(false);
  const { pathname } = useLocation();
  const { state } = useNavigation();
  const main = useRef<HTMLElement>(null);
  const shown = useRef(pathname);
  useEffect(() => {
    setDrawer(false);
    if (shown.current === pathname) return;
    shown.current = pathname;
    main.current?.focus({ preventScroll: true }); // screen readers and the keyboard go on at the new page
    main.current?.scrollTo({ top: 0 });
  }, [pathname]);
  const openPalette = () => setPalette(true);
  useHotkeys([['mod+K', openPalette]], []); // also while something is being typed
  useHotkeys(isNarrow ? [['/', openPalette]] : []);
  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#content" onClick={(e) => { e.preventDefault(); main.current?.focus(); }}>Skip to the content</a>
      <header className={classes.header}>
        {isNarrow && (
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Open the navigation" aria-expanded={drawer} onClick={() => setDrawer(true)}>
            <Icon name="menu" />
          </ActionIcon>
        )}
        <Link to="/" className={classes.home} aria-label="accessgraph, to the summary"><Brand /></Link>
        {!isNarrow && <GlobalSearch />}
        <div className={classes.tools}>
          <Tooltip label={isNarrow ? 'Search' : 'Commands (Ctrl or Cmd + K)'}>
            <ActionIcon variant="subtle" color="gray" size="lg" aria-label={isNarrow ? 'Search' : 'Commands'} aria-haspopup="dialog" onClick={() => setPalette(true)}>
              <Icon name={isNarrow ? 'search' : 'command'} />
            </ActionIcon>
          </Tooltip>
          <JobsTray />
          <ThemeSwitch />
          <Account />
        </div>
      </header>
      <div className={classes.progress} data-busy={state !== 'idle' || undefined} aria-hidden="true" />
      <div className={classes.body}>
        {isNarrow ? (
          <Drawer.Root opened={drawer} onClose={() => setDrawer(false)} size={280}>
            <Drawer.Overlay />
            <Drawer.Content aria-label="Navigation">
              <div className={classes.drawerTop}>
                <Brand />
                <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Close the navigation" onClick={() => setDrawer(false)}><Icon name="close" /></ActionIcon>
              </div>
              <Nav />
            </Drawer.Content>
          </Drawer.Root>
        ) : (
          <div className={classes.nav}><Nav /></div>
        )}
        <main ref={main} id="content" className={classes.main} tabIndex={-1}>
          <ErrorBoundary key={pathname}><Outlet /></ErrorBoundary>
        </main>
        <ErrorBoundary key={`side ${pathname}`}><Sidebar /></ErrorBoundary>
      </div>
      <CommandPalette opened={palette} onClose={() => setPalette(false)} />
    </div>
  );
}
