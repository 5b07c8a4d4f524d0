/** A line of what a source says besides, as text. */
export interface MetadataLine {
  key: string;
  value: string;
}

/** Metadata as lines, nested objects with dots between their keys; lists of plain values on one line. By key. */
export function metadataLines(metadata: unknown): MetadataLine[] {
  const lines: MetadataLine[] = [];
  const walk = (value: unknown, key: string) => {
    if (value === null || value === undefined || value === '') return;
    if (Array.isArray(value) && value.every((v) => typeof v !== 'object' || v === null)) {
      if (value.length > 0) lines.push({ key, value: value.join(', ') });
    } else if (typeof value === 'object') {
      for (const [k, v] of Object.entries(value)) walk(v, key ? `${key}.${k}` : k);
    } else {
      lines.push({ key: key || 'value', value: typeof value === 'string' ? value : JSON.stringify(value) });
    }
  };
  walk(metadata, '');
  return lines.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}
