export { AccessGraphView, type AccessGraphViewProps, type GraphHandle } from './AccessGraphView';
export { noMarks, type Mark, type Marks } from './drawing';
export { graphPath, pairPath } from './graphPath';
export { drawnAs, groupAbove, grouped, isGroup } from './group';
export { layersOf } from './layout';
export * from './model';
