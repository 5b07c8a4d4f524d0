export { IdentitiesPage as Component } from './IdentitiesPage';
