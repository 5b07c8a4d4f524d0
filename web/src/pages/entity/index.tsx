export { EntityPage as Component } from './EntityPage';
