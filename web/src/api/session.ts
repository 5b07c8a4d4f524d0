// Who is signed in. The session itself is an HttpOnly cookie that scripts cannot read; here
// is only what the server says about it. Nothing of it is kept in the browser's storage.
import { useSyncExternalStore } from 'react';
import { errorOf, noAnswer } from './errors';
import type { ProductRole } from '@/gql/schema';

const endpoint = '/api/v1/session';

export interface SessionMe {
  /** user, apiKey, system or open. */
  kind: string;
  id: string;
  name: string;
  roles: ProductRole[];
  employee: { id: string; fullName: string; workEmail: string } | null;
}

export interface SessionState {
  /** asking: not known yet; in: may use the API; out: has to sign in; failed: the server could not be asked. */
  phase: 'asking' | 'in' | 'out' | 'failed';
  /** The server asks nobody for a key. */
  open: boolean;
  me: SessionMe | null;
  /** Why phase is failed, or why somebody was signed out. */
  error?: Error;
  /** Signed out by the server, not by hand. */
  expired?: boolean;
}

interface Answer {
  open: boolean;
  csrf: string;
  me: SessionMe | null;
}

let state: SessionState = { phase: 'asking', open: false, me: null };
let csrf = '';
const listeners = new Set<() => void>();

function set(next: SessionState) {
  state = next;
  listeners.forEach((tell) => tell());
}

function take(answer: Answer) {
  csrf = answer.csrf;
  set({ phase: answer.open || answer.me ? 'in' : 'out', open: answer.open, me: answer.me });
}

export const session = {
  get: () => state,
  /** What requests that change something have to carry; empty when nothing is needed. */
  headers: (): Record<string, string> => (csrf ? { 'X-CSRF-Token': csrf } : {}),
  subscribe: (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },

  /** Asks the server who is signed in. */
  async ask() {
    try {
      const response = await fetch(endpoint, { headers: { Accept: 'application/json' } }).catch(noAnswer);
      if (!response.ok) throw await errorOf(response);
      take((await response.json()) as Answer);
    } catch (error) {
      set({ phase: 'failed', open: false, me: null, error: error as Error });
    }
  },

  /** Exchanges an API key for a session. Throws what the server says. */
  async signIn(key: string) {
    const response = await fetch(endpoint, {
      method: 'POST', headers: { 'Content-Type': 'application/json', Accept: 'application/json' }, body: JSON.stringify({ key }),
    }).catch(noAnswer);
    if (!response.ok) throw await errorOf(response);
    take((await response.json()) as Answer);
  },

  async signOut() {
    const response = await fetch(endpoint, { method: 'DELETE', headers: session.headers() }).catch(noAnswer);
    if (!response.ok && response.status !== 401) throw await errorOf(response);
    csrf = '';
    set({ phase: 'out', open: false, me: null });
  },

  /** The server refused a request for want of a session: it has ended. */
  ended() {
    if (state.phase !== 'in' || state.open) return;
    csrf = '';
    set({ phase: 'out', open: false, me: null, expired: true });
  },
};

const rank: Record<ProductRole, number> = { REVIEWER: 0, RISK_MANAGER: 1, ADMINISTRATOR: 2 };

/** Whether somebody has a role or one that includes it. */
export function hasRole(me: SessionMe | null, role: ProductRole): boolean {
  return me?.roles.some((r) => rank[r] >= rank[role]) ?? false;
}

/** The session, followed. */
export function useSession(): SessionState {
  return useSyncExternalStore(session.subscribe, session.get);
}

/** Whether whoever is signed in may do what needs this role. The server decides; this only hides what it would refuse. */
export function useMay(role: ProductRole): boolean {
  return hasRole(useSession().me, role);
}
