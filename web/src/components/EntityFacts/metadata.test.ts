import { expect, it } from 'vitest';
import { metadataLines } from './metadata';

it('flattens what a source says, by key, and leaves out what says nothing', () => {
  expect(metadataLines({ region: 'eu', b: { owner: 'ann', empty: '' }, tags: ['x', 'y'], none: [], on: true, n: 0, no: null })).toEqual([
    { key: 'b.owner', value: 'ann' }, { key: 'n', value: '0' }, { key: 'on', value: 'true' }, { key: 'region', value: 'eu' }, { key: 'tags', value: 'x, y' },
  ]);
  expect(metadataLines(null)).toEqual([]);
  expect(metadataLines([{ a: 1 }, { a: 2 }])).toEqual([{ key: '0.a', value: '1' }, { key: '1.a', value: '2' }]);
  expect(metadataLines('plain')).toEqual([{ key: 'value', value: 'plain' }]);
});
