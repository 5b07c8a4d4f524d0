export { AsOfPicker } from './AsOfPicker';
export { AsOfBanner } from './AsOfBanner';
export * from './moment';
