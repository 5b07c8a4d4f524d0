import { expect, it } from 'vitest';
import { exportInput } from './ExportMenu';

it('exports the filtered rows, or the chosen ones and nothing else', () => {
  const props = { dataset: 'ENTITIES' as const, filter: { type: ['IDENTITY' as const] }, search: 'ann', asOf: '2026-03-01T00:00:00Z' };
  expect(exportInput(props, 'CSV')).toEqual({ dataset: 'ENTITIES', format: 'CSV', filter: props.filter, search: 'ann', asOf: props.asOf });
  expect(exportInput(props, 'PARQUET', ['a', 'b'])).toEqual({ dataset: 'ENTITIES', format: 'PARQUET', filter: { ids: ['a', 'b'] }, asOf: props.asOf });
  // ids: [] restricts nothing: an empty selection must not be sent.
  expect(exportInput({ ...props, search: '' }, 'CSV', [])).toEqual({ dataset: 'ENTITIES', format: 'CSV', filter: props.filter, asOf: props.asOf });
});
