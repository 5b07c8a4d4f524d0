interface Node { id: string; name: string; type: 'IDENTITY' | 'CONNECTION' | 'RESOURCE' }

/** What lies between the two ends of a path, in order; nothing where the access is direct. */
export function between<N extends Node>(path: { steps: { from: N; to: N }[] }): N[] {
  return path.steps.slice(0, -1).map((s) => s.to);
}
