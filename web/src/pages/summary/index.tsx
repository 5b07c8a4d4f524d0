export { SummaryPage as Component } from './SummaryPage';
