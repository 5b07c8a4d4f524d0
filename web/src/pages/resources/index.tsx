export { ResourcesPage as Component } from './ResourcesPage';
