export { ConnectionsPage as Component } from './ConnectionsPage';
