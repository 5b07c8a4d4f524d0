export { FiltersPage as Component } from './FiltersPage';
