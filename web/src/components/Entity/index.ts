export * from './EntityIcon';
export * from './EntityLink';
export * from './PermissionChips';
export * from './StatusBadge';
