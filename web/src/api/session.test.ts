import { CombinedError } from 'urql';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError, codeOf, messageOf } from './errors';
import { hasRole, session } from './session';

const me = { kind: 'apiKey', id: 'apiKey:1', name: 'ci', roles: ['RISK_MANAGER' as const], employee: null };

const answers = (...list: [number, unknown][]) => {
  const fetch = vi.fn<typeof globalThis.fetch>();
  for (const [status, body] of list) {
    fetch.mockResolvedValueOnce(new Response(status === 204 ? null : JSON.stringify(body), { status }));
  }
  vi.stubGlobal('fetch', fetch);
  return fetch;
};

beforeEach(async () => {
  answers([200, { open: false, csrf: '', me: null }]);
  await session.ask();
  localStorage.clear();
  sessionStorage.clear();
});

describe('session', () => {
  it('begins outside, goes in by a key, carries the token, keeps nothing in the browser', async () => {
    expect(session.get()).toMatchObject({ phase: 'out', me: null });
    const fetch = answers([200, { open: false, csrf: 'token-1', me }], [204, null]);
    await session.signIn('the-key');
    expect(JSON.parse(fetch.mock.calls[0]![1]!.body as string)).toEqual({ key: 'the-key' });
    expect(session.get()).toMatchObject({ phase: 'in', open: false, me: { name: 'ci' } });
    expect(session.headers()).toEqual({ 'X-CSRF-Token': 'token-1' });
    expect(localStorage.length + sessionStorage.length).toBe(0);
    await session.signOut();
    expect(fetch.mock.calls[1]![1]).toMatchObject({ method: 'DELETE', headers: { 'X-CSRF-Token': 'token-1' } });
    expect(session.get().phase).toBe('out');
    expect(session.headers()).toEqual({});
  });

  it('says why a key is refused, and stays outside', async () => {
    answers([401, { errors: [{ message: 'this key has expired', extensions: { code: 'UNAUTHENTICATED' } }] }]);
    await expect(session.signIn('old')).rejects.toMatchObject({ code: 'UNAUTHENTICATED', message: 'this key has expired' });
    expect(session.get().phase).toBe('out');
  });

  it('lets everybody in where the server is open, and nobody is thrown out', async () => {
    answers([200, { open: true, csrf: '', me: { ...me, kind: 'open' } }]);
    await session.ask();
    session.ended();
    expect(session.get()).toMatchObject({ phase: 'in', open: true });
    expect(session.headers()).toEqual({});
  });

  it('notices that it has ended', async () => {
    answers([200, { open: false, csrf: 't', me }]);
    await session.ask();
    session.ended();
    expect(session.get()).toMatchObject({ phase: 'out', expired: true, me: null });
    expect(session.headers()).toEqual({});
  });

  it('fails plainly when nobody answers', async () => {
    vi.stubGlobal('fetch', vi.fn().mockRejectedValue(new TypeError('Failed to fetch')));
    await session.ask();
    expect(session.get().phase).toBe('failed');
    expect(codeOf(session.get().error)).toBe('OFFLINE');
  });
});

describe('roles', () => {
  it('include the lower ones', () => {
    expect([hasRole(me, 'REVIEWER'), hasRole(me, 'RISK_MANAGER'), hasRole(me, 'ADMINISTRATOR')]).toEqual([true, true, false]);
    expect(hasRole(null, 'REVIEWER')).toBe(false);
  });
});

describe('errors', () => {
  it('have the code of the API, and a plain sentence', () => {
    const said = new CombinedError({ graphQLErrors: [{ message: 'give exactly one of id and key', extensions: { code: 'INVALID_INPUT' } }] });
    expect(codeOf(said)).toBe('INVALID_INPUT');
    expect(messageOf(said)).toBe('Give exactly one of id and key.');
    const none = new CombinedError({ networkError: new TypeError('Failed to fetch') });
    expect(codeOf(none)).toBe('OFFLINE');
    expect(messageOf(none)).toContain('does not answer');
    expect(codeOf(new ApiError('x', 'CONFLICT'))).toBe('CONFLICT');
    expect(codeOf('?')).toBe('INTERNAL');
  });
});
