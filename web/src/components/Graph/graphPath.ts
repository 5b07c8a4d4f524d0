/** Where the drawing of access is: of a pair, of all that `from` reaches, or of all that reach `to`. */
export function graphPath(from: string | null, to?: string | null): string {
  const params = new URLSearchParams();
  if (from) params.set('from', from);
  if (to) params.set('to', to);
  return params.size ? `/graph?${params}` : '/graph';
}
