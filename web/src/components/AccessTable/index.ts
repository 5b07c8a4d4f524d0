export { AccessToolbar } from './AccessToolbar';
export { between } from './chain';
export { Cut, PermissionsCell } from './cells';
export { accessColumns, type Side, type Subject } from './columns';
export * from './filters';
export { ProviderCell } from './ProviderCell';
