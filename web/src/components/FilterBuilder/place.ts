import { CombinedError } from 'urql';
import { messageOf } from '@/api/errors';

export interface PlacedError {
  /** Such as filter.having[0].atLeast; empty where the error names none. */
  place: string;
  message: string;
}

/** Where in the filter the server found fault, and with what. */
export function placeOf(error: unknown): PlacedError {
  const message = messageOf(error);
  const first = error instanceof CombinedError ? error.graphQLErrors[0] : undefined;
  if (!first) return { place: '', message };
  const argument = first.extensions?.['argument'];
  if (typeof argument === 'string') return { place: argument, message: without(argument, first.message) };
  // What the schema refuses: ["variable", "filter", "having", 0, "atLeast"].
  const [head, ...steps] = first.path ?? [];
  if (head === 'variable' && steps.length > 0) {
    return { place: steps.map((s, i) => (typeof s === 'number' ? `[${s}]` : i === 0 ? s : `.${s}`)).join(''), message };
  }
  return { place: '', message };
}

/** The message without the place in front, which the builder shows by where it stands. */
function without(place: string, message: string): string {
  const text = message.startsWith(`${place}: `) ? message.slice(place.length + 2) : message;
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}
