export { FilterSentence, type FilterSentenceProps } from './FilterSentence';
