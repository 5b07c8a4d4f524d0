export { FilterChips, type FilterChipsProps } from './FilterChips';
export { filterWords } from './words';
