import type { Query } from './bridge';

export interface Asked extends Query {
  at: string;
  ok: boolean;
  ms: number;
}

/** How many are kept. */
export const historyLimit = 50;
// A browser keeps about 5 MB for all of a server's pages.
const longest = 20_000;

/** The history with one more, newest first. What is asked again moves to the front. */
export function withAsked(history: readonly Asked[], one: Asked): Asked[] {
  if (one.query.trim() === '' || one.query.length + one.variables.length > longest) return [...history];
  const others = history.filter((h) => h.query !== one.query || h.variables !== one.variables);
  return [one, ...others].slice(0, historyLimit);
}

/** What a query is called: the name of its operation, else its beginning. */
export function titleOf(query: string): string {
  const name = /^\s*(?:query|mutation|subscription)\s+([_A-Za-z]\w*)/m.exec(query)?.[1];
  if (name) return name;
  const text = query.replace(/^\s*#.*$/gm, '').replace(/\s+/g, ' ').trim();
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
