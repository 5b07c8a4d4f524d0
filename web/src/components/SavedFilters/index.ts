export { SaveFilterButton, type SaveFilterButtonProps } from './SaveFilterButton';
export { DroppedNote, SavedFilterMenu, type AppliedFilter, type SavedFilterMenuProps } from './SavedFilterMenu';
export { builderPage, filteredPage, filterPages, lostOn } from './pages';
