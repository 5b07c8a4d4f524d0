export { FilterBuilder, type FilterBuilderProps } from './FilterBuilder';
export { fieldOf, fields, operators, type Field, type FieldName } from './fields';
export { placeOf, type PlacedError } from './place';
