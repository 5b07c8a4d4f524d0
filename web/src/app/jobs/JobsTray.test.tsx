import { MantineProvider } from '@mantine/core';
import { act, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { MemoryRouter } from 'react-router';
import { Provider, type Client } from 'urql';
import { expect, it, vi } from 'vitest';
import { fromValue, makeSubject, type Source } from 'wonka';
import { JobsTray, type Job } from '.';

const job = (more: Partial<Job>): Job => ({
  id: 'j1', kind: 'export', state: 'RUNNING', progress: { done: 3, total: 10, stage: 'writing' }, cancelRequested: false,
  createdAt: '2026-03-01T10:00:00Z', finishedAt: null, result: null, downloadUrl: null, failure: null, ...more,
});

it('follows a running job while it is closed, says when it is over, and offers its file', async () => {
  const user = userEvent.setup();
  let now = job({});
  const progress = makeSubject<unknown>();
  const asked = vi.fn();
  const client = {
    executeQuery: () => {
      asked();
      return fromValue({ data: { jobs: { edges: [{ node: now }] } }, stale: false }) as Source<unknown>;
    },
    executeSubscription: () => progress.source,
    executeMutation: vi.fn(),
  } as unknown as Client;
  render(
    <MantineProvider env="test"><MemoryRouter><Provider value={client}><JobsTray /></Provider></MemoryRouter></MantineProvider>,
  );
  const button = screen.getByRole('button', { name: 'Background jobs, 1 running' });
  const push = (j: Job) => act(async () => {
    progress.next({ data: { jobProgress: j }, stale: false });
    await Promise.resolve();
  });
  await push(job({ progress: { done: 7, total: 10, stage: 'writing' } }));
  await user.click(button);
  const bar = await screen.findByRole('progressbar', { name: 'Progress: Export' });
  expect(bar.getAttribute('aria-valuenow')).toBe('70');
  expect(screen.getByRole('button', { name: 'Cancel: Export' })).toBeTruthy();
  await user.keyboard('{Escape}');

  const before = asked.mock.calls.length;
  now = job({ state: 'SUCCEEDED', downloadUrl: '/api/v1/exports/files/j1', finishedAt: '2026-03-01T10:01:00Z' });
  await push(now);
  expect(screen.getByText('Export: done')).toBeTruthy();
  expect(asked.mock.calls.length).toBe(before + 1);
  const tray = await screen.findByRole('dialog', { name: /Background jobs/ });
  expect(within(tray).getByRole('button', { name: 'Download' })).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Background jobs' })).toBeTruthy();
});
