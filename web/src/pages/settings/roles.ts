import type { ProductRole } from '@/gql/schema';

export const roleLabels: Record<ProductRole, string> = { ADMINISTRATOR: 'Administrator', RISK_MANAGER: 'Risk manager', REVIEWER: 'Reviewer' };

export type KeyState = 'valid' | 'expired' | 'revoked';

/** Whether a key still opens anything. */
export function keyState(key: { expiresAt: string; revokedAt?: string | null }, now = Date.now()): KeyState {
  if (key.revokedAt) return 'revoked';
  return new Date(key.expiresAt).getTime() <= now ? 'expired' : 'valid';
}
