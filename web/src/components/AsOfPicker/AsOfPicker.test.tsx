import { MantineProvider } from '@mantine/core';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { expect, it } from 'vitest';
import { AsOfBanner } from './AsOfBanner';
import { AsOfPicker } from './AsOfPicker';
import { momentOf } from './moment';

function show(url: string) {
  const router = createMemoryRouter([{ path: '*', element: <MantineProvider env="test"><AsOfPicker /><AsOfBanner /></MantineProvider> }], { initialEntries: [url] });
  render(<RouterProvider router={router} />);
  return { asOf: () => new URLSearchParams(router.state.location.search).get('asOf') };
}

it('puts the end of the chosen day into the URL, and takes it out again', async () => {
  const user = userEvent.setup();
  const page = show('/x?q=keep');
  expect(screen.queryByRole('status')).toBeNull();
  await user.click(screen.getByRole('button', { name: 'As of now' }));
  await user.type(screen.getByLabelText('Show access on'), '2024-03-01');
  await user.click(screen.getByRole('button', { name: 'Show' }));
  await waitFor(() => expect(page.asOf()).toBe(momentOf('2024-03-01')!.toISOString()));
  expect(screen.getByRole('status').textContent).toContain('1 March 2024');
  await user.click(screen.getByRole('button', { name: 'Back to now' }));
  await waitFor(() => expect(page.asOf()).toBeNull());
});

it('refuses a day that is still to come', async () => {
  const user = userEvent.setup();
  const page = show('/x');
  await user.click(screen.getByRole('button', { name: 'As of now' }));
  await user.type(screen.getByLabelText('Show access on'), '2999-01-01');
  await user.click(screen.getByRole('button', { name: 'Show' }));
  expect(page.asOf()).toBeNull();
});
