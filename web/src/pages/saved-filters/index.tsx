export { SavedFiltersPage as Component } from './SavedFiltersPage';
