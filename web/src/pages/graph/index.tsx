export { GraphPage as Component } from './GraphPage';
