export { FilterPanel, type FilterPanelProps } from './FilterPanel';
export { FacetValues, type FacetValue } from './FacetValues';
export { Section } from './Section';
export * from './FilterFrame';
