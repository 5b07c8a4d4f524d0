import { Button, SegmentedControl, useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useLocation } from 'react-router';
import { session, useSession } from '@/api/session';
import { CopyButton } from '@/components/Copy';
import { Page } from '@/components/Page';
import { EmptyState, LoadingState } from '@/components/States';
import { useStored } from '@/hooks/useStored';
import { useSetParams } from '@/hooks/useUrlState';
import { framePath, readMessage, type Query } from './bridge';
import { titleOf, withAsked, type Asked } from './history';
import classes from './Query.module.css';
import { useExamples, type Example } from './useExamples';

/** GraphiQL with example queries and a history of this browser. */
export function QueryPage() {
  const examples = useExamples();
  const { me } = useSession();
  const [history, setHistory] = useStored<Asked[]>(`query.history.${me?.id ?? ''}`, []);
  const frame = useRef<HTMLIFrameElement>(null);
  const theme = useComputedColorScheme('light');
  const { search } = useLocation();
  const params = new URLSearchParams(search);
  // The frame begins with what the link has; later it is told, so that it is not loaded again.
  const [start] = useState(() => framePath({ query: params.get('query') ?? '', variables: params.get('variables') ?? '' }, theme));
  const setParams = useSetParams();
  const tell = (message: object) => frame.current?.contentWindow?.postMessage({ accessgraph: message }, window.location.origin);
  const latest = useRef({ history, setHistory, setParams, theme, tell });
  latest.current = { history, setHistory, setParams, theme, tell };
  useEffect(() => {
    const listen = (e: MessageEvent) => {
      if (e.origin !== window.location.origin || e.source !== frame.current?.contentWindow) return;
      const said = readMessage(e.data);
      const now = latest.current;
      if (said?.type === 'ready') now.tell({ type: 'theme', theme: now.theme });
      if (said?.type === 'signedOut') session.ended();
      if (said?.type !== 'ran') return;
      const { query, variables, ok, ms } = said;
      now.setHistory(withAsked(now.history, { query, variables, ok, ms, at: new Date().toISOString() }));
      now.setParams({ query, variables: variables || null });
    };
    window.addEventListener('message', listen);
    return () => window.removeEventListener('message', listen);
  }, []);
  useEffect(() => latest.current.tell({ type: 'theme', theme }), [theme]);
  const open = (q: Query) => {
    tell({ type: 'open', query: q.query, variables: q.variables });
    setParams({ query: q.query, variables: q.variables || null });
  };
  if (examples === null) return <Page title="Query"><LoadingState label="Loading the query editor" /></Page>;
  if (examples === 'missing') {
    return <Page title="Query"><EmptyState icon="query" title="There is no query editor here" hint="This server was started without GraphiQL, or does not answer." /></Page>;
  }
  return (
    <Page title="Query" fill actions={<CopyButton text={() => window.location.href} label="Copy the link" />}>
      <div className={classes.split}>
        <Choice examples={examples} history={history} onOpen={open} onForget={() => setHistory([])} />
        <iframe ref={frame} title="GraphiQL, the query editor" src={start} className={classes.frame} />
      </div>
    </Page>
  );
}

interface ChoiceProps {
  examples: Example[];
  history: Asked[];
  onOpen: (query: Query) => void;
  onForget: () => void;
}

function Choice({ examples, history, onOpen, onForget }: ChoiceProps) {
  const [shown, setShown] = useState('Examples');
  const groups = [...new Set(examples.map((e) => e.group))];
  return (
    <aside className={classes.side} aria-label="Examples and history">
      <SegmentedControl fullWidth size="xs" value={shown} onChange={setShown} data={['Examples', 'History']} aria-label="Which queries" />
      {shown === 'Examples' ? groups.map((g) => (
        <section key={g}>
          <h2 className={classes.group}>{g}</h2>
          <ul className={classes.list}>
            {examples.filter((e) => e.group === g).map((e) => (
              <li key={e.title}><button type="button" className={classes.item} onClick={() => onOpen(e)}><strong>{e.title}</strong><span className="ag-soft">{e.description}</span></button></li>
            ))}
          </ul>
        </section>
      )) : history.length === 0 ? <EmptyState compact icon="history" title="Nothing asked yet" hint="What you ask here is kept in this browser." /> : (
        <>
          <ul className={classes.list}>
            {history.map((h) => (
              <li key={`${h.at} ${h.query}`}>
                <button type="button" className={classes.item} onClick={() => onOpen(h)}>
                  <strong>{titleOf(h.query)}</strong>
                  <span className="ag-soft">{new Date(h.at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })}, {h.ok ? `${h.ms} ms` : 'with errors'}</span>
                </button>
              </li>
            ))}
          </ul>
          <Button size="compact-sm" variant="default" onClick={onForget}>Forget all</Button>
        </>
      )}
    </aside>
  );
}
