export { QueryPage as Component } from './QueryPage';
