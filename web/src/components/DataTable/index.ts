export { DataTable } from './DataTable';
export { noSelection } from './useSelection';
export type { Column, DataTableProps, Selection, Sort } from './types';
